// What a file's first bytes say: its format by magic, and its size in pixels before any decoder runs.
#pragma once

#include <cstdint>
#include <span>

#include "actors/device/image/image_limits.hpp"
#include "messages/failure.hpp"

namespace trainyard {

using byte_view = std::span<const std::uint8_t>;

enum class image_format { jpeg, png, webp, bmp };

struct image_header {
  image_format format{};
  std::uint32_t width = 0; ///< pixels, 1..max_image_side
  std::uint32_t height = 0;
};

/// image_unsupported for other formats (the cause names it where it is easy to tell), image_truncated and
/// image_corrupt for headers that do not hold, image_too_many_pixels beyond the caps. Allocates nothing.
[[nodiscard]] result<image_header> read_image_header(byte_view bytes);

} // namespace trainyard
