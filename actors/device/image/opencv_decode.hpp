// The one place that calls OpenCV's decoders: into memory of ours, and without exceptions that leave it.
#pragma once

#include <cstdint>
#include <span>

#include "actors/device/image/image_format.hpp"
#include "actors/device/image/rgb_image.hpp"

namespace trainyard {

/// `bytes` are known to hold an image of width x height. image_corrupt when OpenCV says anything else.
[[nodiscard]] result<rgb_image> decode_rgb8(byte_view bytes, std::uint32_t width, std::uint32_t height);

/// One 16-bit grey channel to RGB as Pillow does it: values above 255 are white.
[[nodiscard]] result<rgb_image> decode_grey16(byte_view bytes, std::uint32_t width, std::uint32_t height);

} // namespace trainyard
