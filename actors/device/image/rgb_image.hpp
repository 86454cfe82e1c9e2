// Pixels in memory: 8-bit RGB, row major, no padding between rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "actors/device/image/large_block.hpp"

namespace trainyard {

struct rgb_image {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::shared_ptr<std::uint8_t[]> pixels; ///< width x height x 3; shared because OpenCV may own them

  [[nodiscard]] std::size_t row_bytes() const noexcept { return std::size_t{width} * 3; }
};

/// Uninitialised pixels: the decoder writes them all. Throws std::bad_alloc.
[[nodiscard]] inline rgb_image make_rgb_image(std::uint32_t width, std::uint32_t height) {
  const std::size_t bytes = std::size_t{width} * height * 3;
  return {width, height, make_pixels(bytes)};
}

} // namespace trainyard
