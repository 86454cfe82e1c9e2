// IEEE 754 binary32 to binary16, round to nearest even: what `<f2` in an .npy file holds.
#pragma once

#include <bit>
#include <cstdint>

namespace trainyard {

/// Values above 65504 become infinity; NaN stays NaN. Vectors here have norm 1, so neither occurs in
/// practice.
[[nodiscard]] constexpr std::uint16_t to_half(float value) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 16) & 0x8000U;
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  if (magnitude > 0x7F800000U)
    return static_cast<std::uint16_t>(sign | 0x7E00U);
  if (magnitude >= 0x477FF000U) // rounds to 65520 or more
    return static_cast<std::uint16_t>(sign | 0x7C00U);
  const auto round_shift = [](std::uint32_t number, unsigned shift) {
    const std::uint32_t kept = number >> shift;
    const std::uint32_t rest = number & ((1U << shift) - 1U);
    const std::uint32_t half = 1U << (shift - 1U);
    return kept + ((rest > half || (rest == half && (kept & 1U))) ? 1U : 0U);
  };
  if (magnitude >= 0x38800000U) // normal in binary16
    return static_cast<std::uint16_t>(sign | round_shift(magnitude - 0x38000000U, 13));
  if (magnitude < 0x33000000U) // below half of the smallest subnormal
    return static_cast<std::uint16_t>(sign);
  const std::uint32_t exponent = magnitude >> 23;
  const std::uint32_t mantissa = (magnitude & 0x7FFFFFU) | 0x800000U;
  return static_cast<std::uint16_t>(sign | round_shift(mantissa, 126U - exponent));
}

} // namespace trainyard
