// How images are prepared for a model, from the files that model repositories hold for their own programs.
#pragma once

#include <filesystem>

#include "actors/device/model/config_fields.hpp"
#include "actors/device/prepared_image.hpp"

namespace trainyard {

/// What a family's image processor of transformers does where its file says nothing.
struct preprocessor_defaults {
  image_fit fit = image_fit::shorter_side;
  interpolation filter = interpolation::bicubic;
  std::array<float, 3> mean{};
  std::array<float, 3> deviation{};
};

/// preprocessor_config.json of `folder`, or the image processor in its processor_config.json. Throws
/// config_error with the file's name for what cannot be done exactly: other filters than bicubic and
/// bilinear, images that are not square, another scale than 1/255.
[[nodiscard]] image_spec read_preprocessor_config(const std::filesystem::path& folder,
                                                  const preprocessor_defaults& defaults);

/// `preprocess_cfg` of an open_clip_config.json, for images of `side`.
[[nodiscard]] image_spec read_open_clip_preprocessing(const config_fields& root, std::uint32_t side);

} // namespace trainyard
