// What Hugging Face's tools have downloaded on this machine: names to folders. Nothing is ever fetched.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "messages/failure.hpp"

namespace trainyard {

class hub_cache {
public:
  /// `folder` holds models--ORG--NAME folders; it need not exist, and empty means that there is none.
  explicit hub_cache(std::filesystem::path folder = {}) : folder_(std::move(folder)) {}

  /// Whether a text has the form ORG/NAME or ORG/NAME@REVISION.
  [[nodiscard]] static bool is_name(std::string_view text);
  /// The folder of the snapshot that `refs/REVISION` (main unless named) holds, or of the commit REVISION.
  /// Every file in it that a model is read from is there and lies within the repository's own folder, where
  /// the cache's links lead. model_missing for what is not there, model_invalid for a link that leads out.
  [[nodiscard]] result<std::filesystem::path> resolve(std::string_view name) const;
  /// ORG/NAME of every repository with a model's configuration in its main snapshot, sorted.
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

private:
  std::filesystem::path folder_;
};

/// The commit that a snapshot's folder is named for; empty for any other folder.
[[nodiscard]] std::string commit_of_snapshot(const std::filesystem::path& folder);
/// "ORG/NAME" of a snapshot's folder; empty for any other folder.
[[nodiscard]] std::string repository_of_snapshot(const std::filesystem::path& folder);

} // namespace trainyard
