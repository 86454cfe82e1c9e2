// Where models are looked for, and what is learned is kept, when no folder is set.
#pragma once

#include <filesystem>
#include <vector>

#include "config/load.hpp"
#include "config/settings.hpp"

namespace trainyard {

/// Folders that may hold a model's folder, in the order to look: the option alone when it is set, else
/// "models" beside `program` and in the two folders above it (a build tree), then
/// $XDG_DATA_HOME/trainyard/models or the platform's own. `program` is the full path of the running program.
/// Pure: nothing is looked up.
[[nodiscard]] std::vector<std::filesystem::path>
model_folders(const settings& of, const environment& variables, const std::filesystem::path& program);

/// Where Hugging Face's tools keep what they download: $HF_HUB_CACHE, $HF_HOME/hub,
/// $XDG_CACHE_HOME/huggingface/hub or ~/.cache/huggingface/hub, the first that is set; empty without a home.
/// Pure.
[[nodiscard]] std::filesystem::path hub_folder(const environment& variables);

/// Where a machine keeps what it has learned about itself: the option when it is set, else
/// $XDG_STATE_HOME/trainyard or the platform's own place; empty when there is no home. Pure.
[[nodiscard]] std::filesystem::path state_folder(const settings& of, const environment& variables);

} // namespace trainyard
