// JPEG by libjpeg-turbo, with its warnings taken for what they are: pixels made up where data was missing.
#pragma once

#include <cstdint>

#include "actors/device/image/image_format.hpp"
#include "actors/device/image/rgb_image.hpp"

namespace trainyard {

struct jpeg_header {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  int components = 0;  ///< 1 grey, 3 colour, 4 CMYK or YCCK
  bool has_end = true; ///< an end marker follows the scans
};

/// `bytes` starts with the JPEG magic. Also refuses what libjpeg could be kept busy with: too many scans.
[[nodiscard]] result<jpeg_header> read_jpeg_header(byte_view bytes);

/// `scaled_short_side` as in decode_options.
[[nodiscard]] result<rgb_image> decode_jpeg(byte_view bytes, std::uint32_t scaled_short_side);

} // namespace trainyard
