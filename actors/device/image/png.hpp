// PNG: every chunk is checked here, and only the four that make pixels reach libpng (inside OpenCV).
#pragma once

#include <cstdint>

#include "actors/device/image/image_format.hpp"
#include "actors/device/image/rgb_image.hpp"

namespace trainyard {

struct png_header {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t bit_depth = 0;
  std::uint8_t colour_type = 0; ///< 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGBA
};

/// `bytes` starts with the PNG signature.
[[nodiscard]] result<png_header> read_png_header(byte_view bytes);
[[nodiscard]] result<rgb_image> decode_png(byte_view bytes);

} // namespace trainyard
