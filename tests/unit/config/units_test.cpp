// Golden texts at the edges where units change.
#include "nodes/terminal/units.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace trainyard {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::string of(double seconds) {
  return duration_text(std::chrono::duration<double>(seconds));
}

TEST(units, thousands_are_separated) {
  EXPECT_EQ(with_thousands(0), "0");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(with_thousands(1000), "1,000");
  EXPECT_EQ(with_thousands(1234567), "1,234,567");
  EXPECT_EQ(with_thousands(std::numeric_limits<std::uint64_t>::max()), "18,446,744,073,709,551,615");
}

TEST(units, bytes_change_their_unit_before_they_reach_1024) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(1023), "1023 B");
  EXPECT_EQ(bytes_text(1024), "1.0 KiB");
  EXPECT_EQ(bytes_text(1536), "1.5 KiB");
  EXPECT_EQ(bytes_text(1024 * 1024 - 1), "1.0 MiB");
  EXPECT_EQ(bytes_text(3ULL << 30U), "3.0 GiB");
  EXPECT_EQ(bytes_text(std::numeric_limits<std::uint64_t>::max()), "16.0 EiB");
}

TEST(units, signed_bytes_show_their_direction) {
  EXPECT_EQ(signed_bytes_text(0), "0 B");
  EXPECT_EQ(signed_bytes_text(-0.3), "0 B");
  EXPECT_EQ(signed_bytes_text(3), "+3 B");
  EXPECT_EQ(signed_bytes_text(-1229), "-1.2 KiB");
  EXPECT_EQ(signed_bytes_text(std::nan("")), "?");
  EXPECT_EQ(signed_bytes_text(1e300), bytes_text(1) == "1 B" ? "+888.2 PiB" : "");
}

TEST(units, durations_show_two_units) {
  EXPECT_EQ(of(0), "0.0 s");
  EXPECT_EQ(of(0.84), "0.8 s");
  EXPECT_EQ(of(9.96), "10 s");
  EXPECT_EQ(of(59.4), "59 s");
  EXPECT_EQ(of(59.6), "1 min 00 s");
  EXPECT_EQ(of(125), "2 min 05 s");
  EXPECT_EQ(of(3599.7), "1 h 00 min");
  EXPECT_EQ(of(11220), "3 h 07 min");
  EXPECT_EQ(of(187200), "2 d 04 h");
  for (const double bad : {-1.0, infinity, -infinity, std::nan(""), 1e30})
    EXPECT_EQ(of(bad), "?");
}

TEST(units, rates_keep_three_digits) {
  EXPECT_EQ(rate_text(0), "0");
  EXPECT_EQ(rate_text(0.424), "0.42");
  EXPECT_EQ(rate_text(9.996), "10.0");
  EXPECT_EQ(rate_text(12.34), "12.3");
  EXPECT_EQ(rate_text(99.96), "100");
  EXPECT_EQ(rate_text(1234.4), "1,234");
  for (const double bad : {-1.0, infinity, std::nan("")})
    EXPECT_EQ(rate_text(bad), "?");
}

} // namespace
} // namespace trainyard
