// WebP: the container is read here, one frame's bitstream reaches libwebp (inside OpenCV).
#pragma once

#include <cstdint>

#include "actors/device/image/image_format.hpp"
#include "actors/device/image/rgb_image.hpp"

namespace trainyard {

struct webp_header {
  std::uint32_t width = 0; ///< of the canvas
  std::uint32_t height = 0;
  std::uint32_t frame_x = 0; ///< where the (first) frame stands on the canvas
  std::uint32_t frame_y = 0;
  std::uint32_t frame_width = 0;
  std::uint32_t frame_height = 0;
  byte_view bitstream; ///< the chunk "VP8 " or "VP8L" with its header, within the bytes read
};

/// `bytes` starts with RIFF....WEBP. Of an animation this is the first frame, the one that Pillow shows.
[[nodiscard]] result<webp_header> read_webp_header(byte_view bytes);
[[nodiscard]] result<rgb_image> decode_webp(byte_view bytes);

} // namespace trainyard
