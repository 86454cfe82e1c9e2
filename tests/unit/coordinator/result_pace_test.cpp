// Results have stalled when nothing comes for much longer than they take.
#include "actors/coordinator/result_pace.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

using namespace std::chrono_literals;
const result_pace::time_point start{};

TEST(result_pace, without_two_results_there_is_no_pace) {
  result_pace pace;
  EXPECT_FALSE(pace.is_stalled(start + 1h));
  pace.add(1, start);
  EXPECT_FALSE(pace.is_stalled(start + 1h)) << "and nothing is out";
}

TEST(result_pace, before_there_is_a_pace_half_a_minute_is_a_stall) {
  result_pace pace;
  pace.begin(start);
  EXPECT_FALSE(pace.is_stalled(start + 29s));
  EXPECT_TRUE(pace.is_stalled(start + 30s));
  pace.add(1, start + 31s);
  EXPECT_FALSE(pace.is_stalled(start + 60s));
  EXPECT_TRUE(pace.is_stalled(start + 61s));
}

TEST(result_pace, work_has_rested_half_a_second_after_it_went_out) {
  result_pace pace;
  EXPECT_FALSE(pace.has_rested(start + 1h)) << "nothing is out";
  pace.begin(start + 1s);
  EXPECT_FALSE(pace.has_rested(start + 1499ms));
  EXPECT_TRUE(pace.has_rested(start + 1500ms));
}

TEST(result_pace, three_times_the_mean_of_silence_is_a_stall) {
  result_pace pace;
  for (int i = 0; i <= 10; ++i)
    pace.add(1, start + i * 1s);
  EXPECT_FALSE(pace.is_stalled(start + 12s));
  EXPECT_TRUE(pace.is_stalled(start + 13s));
}

TEST(result_pace, fast_results_stall_only_after_the_least_silence) {
  result_pace pace;
  pace.add(100, start);
  EXPECT_FALSE(pace.is_stalled(start + 499ms));
  EXPECT_TRUE(pace.is_stalled(start + 500ms));
}

TEST(result_pace, only_the_last_results_count) {
  result_pace pace;
  pace.add(1, start);
  for (int i = 0; i < 40; ++i)
    pace.add(1, start + 1h + i * 100ms);
  EXPECT_TRUE(pace.is_stalled(start + 1h + 5s));
}

} // namespace
} // namespace trainyard
