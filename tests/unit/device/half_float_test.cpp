// Rounding to binary16 agrees with the definition for every representable value and between them.
#include "actors/device/half_float.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace trainyard {
namespace {

double value_of(std::uint16_t half) {
  const int exponent = (half >> 10) & 31;
  const int mantissa = half & 1023;
  const double magnitude = exponent == 0    ? std::ldexp(mantissa, -24)
                           : exponent == 31 ? std::numeric_limits<double>::infinity()
                                            : std::ldexp(1024 + mantissa, exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

TEST(half_float, every_finite_half_comes_back_unchanged) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits)
    if (((bits >> 10) & 31) != 31) {
      ASSERT_EQ(to_half(static_cast<float>(value_of(static_cast<std::uint16_t>(bits)))), bits)
          << std::hex << bits;
    }
}

TEST(half_float, values_between_two_halves_go_to_the_nearer_and_ties_to_the_even) {
  for (std::uint32_t bits = 0; bits < 0x7BFF; ++bits) {
    const double low = value_of(static_cast<std::uint16_t>(bits));
    const double high = value_of(static_cast<std::uint16_t>(bits + 1));
    const auto middle = static_cast<float>((low + high) / 2);
    ASSERT_EQ(to_half(middle), bits + (bits & 1U)) << std::hex << bits;
    ASSERT_EQ(to_half(std::nextafter(middle, -1.0F)), bits);
    ASSERT_EQ(to_half(std::nextafter(middle, 1e9F)), bits + 1);
  }
}

TEST(half_float, what_is_too_large_is_infinite_and_nan_stays_nan) {
  EXPECT_EQ(to_half(65519.0F), 0x7BFF);
  EXPECT_EQ(to_half(65520.0F), 0x7C00);
  EXPECT_EQ(to_half(-1e30F), 0xFC00);
  EXPECT_EQ(to_half(std::numeric_limits<float>::quiet_NaN()) & 0x7FFF, 0x7E00);
}

} // namespace
} // namespace trainyard
