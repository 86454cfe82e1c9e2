// Where models live: --model takes a folder, or a name in one of the store's folders.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "messages/failure.hpp"

namespace trainyard {

class model_store {
public:
  /// Looks in `folders`, in order; those that do not exist are skipped.
  explicit model_store(std::vector<std::filesystem::path> folders) : folders_(std::move(folders)) {}

  /// A text with a separator (or ".", "..") is a folder, any other a name. The folder that comes back is
  /// absolute and holds a config.json; model_missing lists what there is.
  [[nodiscard]] result<std::filesystem::path> resolve(std::string_view name_or_folder) const;
  /// Names of every model found, sorted, each once.
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] const std::vector<std::filesystem::path>& folders() const noexcept { return folders_; }

private:
  std::vector<std::filesystem::path> folders_;
};

} // namespace trainyard
