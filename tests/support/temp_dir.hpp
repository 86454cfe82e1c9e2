// A directory that lives as long as the object, for tests that need real files.
#pragma once

#include <filesystem>
#include <string_view>

namespace trainyard::testing {

class temp_dir {
public:
  /// Below `parent`; throws std::filesystem::filesystem_error where none can be made.
  explicit temp_dir(const std::filesystem::path& parent = std::filesystem::temp_directory_path());
  ~temp_dir();
  temp_dir(const temp_dir&) = delete;
  temp_dir& operator=(const temp_dir&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Writes `content` to `relative` below the directory, making folders as needed; returns the full path.
  std::filesystem::path write(const std::filesystem::path& relative, std::string_view content) const;

private:
  std::filesystem::path path_;
};

} // namespace trainyard::testing
