// Inner products of stored rows with one query: what a similarity is, as both have length 1.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "actors/search/npy_header.hpp"

namespace trainyard {

/// IEEE 754 binary16 to binary32, exact; infinities and NaN stay what they are. Without branches, so that
/// compilers make vectors of it.
[[nodiscard]] constexpr float from_half(std::uint16_t half) noexcept {
  const auto magnitude = static_cast<std::uint32_t>(half & 0x7FFFU) << 13;
  const float scaled = std::bit_cast<float>(magnitude) * 0x1p112F; // subnormals come right by the product
  const auto finite = std::bit_cast<std::uint32_t>(scaled);
  const auto bits = (half & 0x7C00U) == 0x7C00U ? magnitude | 0x7F800000U : finite;
  return std::bit_cast<float>(bits | static_cast<std::uint32_t>(half & 0x8000U) << 16);
}

/// scores[i] = row i of `rows` . query, summed in fp32. REQUIRES: rows holds scores.size() rows of
/// query.size() numbers. Any thread.
void multiply(std::span<const std::byte> rows, number_format format, std::span<const float> query,
              std::span<float> scores);
/// The same without the processor's own instructions for it: what every machine can, and tests compare.
void multiply_plain(std::span<const std::byte> rows, number_format format, std::span<const float> query,
                    std::span<float> scores);

} // namespace trainyard
