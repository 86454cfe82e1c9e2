// Names, links and things that are no files: what a folder of images may hold beside images.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace trainyard::testing {

struct hostile_path {
  std::string path; ///< relative to the folder; any bytes
  std::string how;
  std::function<void(const std::filesystem::path& folder)> make;
  std::string expected;  ///< "embedded", or kinds of failure separated by |
  bool is_listed = true; ///< false: only a hostile message would name it
};

/// `photo` is copied where an entry holds an image. Entries that this system or user cannot make are left
/// out.
[[nodiscard]] std::vector<hostile_path> hostile_paths(const std::filesystem::path& photo);

} // namespace trainyard::testing
