// BMP, decoded here: OpenCV leaves rows of a short file as they were in memory and rounds 16-bit colours its
// way.
#pragma once

#include <array>
#include <cstdint>

#include "actors/device/image/image_format.hpp"
#include "actors/device/image/rgb_image.hpp"

namespace trainyard {

struct bmp_header {
  enum class coding : std::uint8_t { plain, rle8, rle4 };

  std::uint32_t width = 0;
  std::uint32_t height = 0;
  bool top_down = false;
  std::uint32_t bits = 0; ///< per pixel: 1, 4, 8, 16, 24 or 32
  coding code = coding::plain;
  std::array<std::uint32_t, 3> masks{}; ///< red, green, blue; for 16 and 32 bits
  std::uint32_t palette_at = 0;         ///< bytes from the start of the file
  std::uint32_t palette_entries = 0;
  std::uint32_t palette_stride = 4;
  std::uint32_t pixels_at = 0;
};

/// `bytes` starts with "BM".
[[nodiscard]] result<bmp_header> read_bmp_header(byte_view bytes);
[[nodiscard]] result<rgb_image> decode_bmp(byte_view bytes);

} // namespace trainyard
