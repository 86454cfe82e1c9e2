// From a file's bytes to RGB pixels, the same pixels as PIL's Image.open(file).convert("RGB").
#pragma once

#include <cstdint>

#include "actors/device/image/image_format.hpp"
#include "actors/device/image/rgb_image.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct decode_options {
  /// 0 decodes every pixel ("exact"). Otherwise a large JPEG is decoded at 1/2, 1/4 or 1/8 as long as its
  /// shorter side keeps this many pixels; twice the resize target moves the prepared pixels by a few levels.
  std::uint32_t scaled_short_side = 0;
};

struct decoded_image {
  rgb_image image;
  std::uint32_t file_width = 0; ///< before scaled decoding
  std::uint32_t file_height = 0;
};

/// EXIF orientation is ignored, alpha is dropped and not blended, the first frame stands for an animation.
/// Any sign of damage is a failure (image_truncated, image_corrupt), never a guess. Callable from many
/// threads at once. Throws std::bad_alloc only.
[[nodiscard]] result<decoded_image> decode_image(byte_view bytes, const decode_options& options = {});

} // namespace trainyard
