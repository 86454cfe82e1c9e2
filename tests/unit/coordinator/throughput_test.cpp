// Rates over the window, and no nonsense at its edges.
#include <chrono>

#include <gtest/gtest.h>

#include "actors/throughput.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;
const throughput::time_point start{100s};

TEST(throughput, is_zero_and_without_an_end_before_the_first_image) {
  const throughput rate(start);
  EXPECT_EQ(rate.images_per_second(start), 0.0);
  EXPECT_EQ(rate.eta_seconds(10, start + 5s), std::nullopt);
  EXPECT_EQ(rate.eta_seconds(0, start + 5s), 0.0);
}

TEST(throughput, divides_by_the_time_since_the_start_while_that_is_short) {
  throughput rate(start);
  rate.add(100, start + 1s);
  rate.add(100, start + 2s);
  EXPECT_DOUBLE_EQ(rate.images_per_second(start + 2s), 100.0);
  EXPECT_DOUBLE_EQ(*rate.eta_seconds(1'000, start + 2s), 10.0);
}

TEST(throughput, forgets_what_lies_before_the_window) {
  throughput rate(start, 10s);
  rate.add(1'000'000, start + 1s);
  for (int second = 20; second < 30; ++second)
    rate.add(50, start + std::chrono::seconds(second));
  EXPECT_DOUBLE_EQ(rate.images_per_second(start + 29s), 50.0);
  EXPECT_EQ(rate.images_per_second(start + 60s), 0.0);
  EXPECT_EQ(rate.eta_seconds(5, start + 60s), std::nullopt);
}

TEST(throughput, does_not_read_a_first_result_as_thousands_a_second) {
  throughput rate(start);
  rate.add(16, start);
  EXPECT_LE(rate.images_per_second(start), 64.0);
}

TEST(throughput, stays_right_with_a_million_small_samples) {
  throughput rate(start, 15s);
  for (int i = 1; i <= 1'000'000; ++i)
    rate.add(1, start + i * 100us);
  EXPECT_NEAR(rate.images_per_second(start + 100s), 10'000.0, 200.0);
}

} // namespace
} // namespace trainyard
