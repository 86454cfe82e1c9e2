// Where models live: --model takes a folder, a name in one of the store's folders, or ORG/NAME of a
// repository in Hugging Face's cache.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "actors/device/model/hub_cache.hpp"
#include "messages/failure.hpp"

namespace trainyard {

class model_store {
public:
  /// Looks in `folders`, in order; those that do not exist are skipped.
  explicit model_store(std::vector<std::filesystem::path> folders, hub_cache hub = hub_cache())
      : folders_(std::move(folders)), hub_(std::move(hub)) {}

  /// A text with a separator (or ".", "..") is a folder if there is one, else a repository of the cache; any
  /// other is a name. The folder that comes back is absolute and holds a model's configuration; model_missing
  /// lists what there is.
  [[nodiscard]] result<std::filesystem::path> resolve(std::string_view name_or_folder) const;
  /// Names of every model found, sorted, each once.
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] const std::vector<std::filesystem::path>& folders() const noexcept { return folders_; }
  [[nodiscard]] const hub_cache& hub() const noexcept { return hub_; }

private:
  std::vector<std::filesystem::path> folders_;
  hub_cache hub_;
};

} // namespace trainyard
