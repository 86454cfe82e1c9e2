// config.json of a model folder: which architecture, and how images are prepared for it.
#pragma once

#include <filesystem>
#include <string>

#include "actors/device/prepared_image.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct model_config {
  std::string architecture;
  std::uint32_t dim = 0;
  image_spec image;
  std::string sha256;        ///< of model.safetensors, 64 hex digits; empty: not pinned
  std::string golden_sha256; ///< of golden.safetensors, likewise
};

/// Keys that it does not know are left alone; values that it knows are checked for type and range.
[[nodiscard]] result<model_config> read_model_config(const std::filesystem::path& folder);

/// 16 hex digits that differ whenever two vectors could not be compared: weights, preprocessing,
/// normalisation. Not precision: that is held to the same space by admission.
[[nodiscard]] std::string space_id_of(const model_config& config, const std::string& weights_sha256);

} // namespace trainyard
