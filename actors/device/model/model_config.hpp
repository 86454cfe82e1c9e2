// The configuration of a model folder: which architecture, and how images are prepared for it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "actors/device/model/towers/tower_plan.hpp"
#include "actors/device/prepared_image.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct model_config {
  std::string architecture;
  std::uint32_t dim = 0;
  image_spec image;
  std::string weights_file = "model.safetensors";
  std::string sha256;              ///< of the weights file, 64 hex digits; empty: not pinned
  std::string golden_sha256;       ///< of golden.safetensors, likewise
  std::optional<tower_plan> tower; ///< of a vision transformer
};

/// config.json in our own form or in that of transformers, else open_clip_config.json. Keys that it does not
/// know are left alone where they cannot change a vector; values that it knows are checked for type and
/// range.
[[nodiscard]] result<model_config> read_model_config(const std::filesystem::path& folder);

/// Which of the two it is: transformers' form where a folder has both with its weights, which are named as
/// every tool expects.
[[nodiscard]] std::filesystem::path model_config_file(const std::filesystem::path& folder);

/// Whether the folder has one of the two files.
[[nodiscard]] bool has_model_config(const std::filesystem::path& folder);

/// 16 hex digits that differ whenever two vectors could not be compared: weights, preprocessing, feature,
/// normalisation. Not precision: that is held to the same space by admission.
[[nodiscard]] std::string space_id_of(const model_config& config, const std::string& weights_sha256);

} // namespace trainyard
