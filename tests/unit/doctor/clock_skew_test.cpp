// Times as a server writes them, and how far clocks may be apart.
#include "nodes/doctor/clock_skew.hpp"

#include <gmock/gmock.h>

namespace trainyard {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr auto noon = std::chrono::sys_days(std::chrono::year(2026) / 12 / 1) + 12h;

TEST(clock_skew, reads_times_with_and_without_a_fraction) {
  EXPECT_EQ(wall_time_in("2026-12-01T12:00:00Z"), wall_time(noon));
  EXPECT_EQ(wall_time_in("2026-12-01T12:00:01.25Z"), wall_time(noon + 1250ms));
  EXPECT_EQ(wall_time_in("2026-12-01T12:00:00.123456789Z"), wall_time(noon + 123ms));
}

TEST(clock_skew, reads_no_other_form) {
  for (const auto* text :
       {"", "2026-12-01", "2026-12-01T12:00:00", "2026-12-01T12:00:00+01:00", "2026-13-01T12:00:00Z",
        "2026-12-01 12:00:00Z", "2026-12-01T12:00:0xZ", "2026-12-01T12:00:00.x1Z", "2026-02-30T12:00:00Z"})
    EXPECT_FALSE(wall_time_in(text)) << text;
}

TEST(clock_skew, counts_from_the_middle_of_question_and_answer) {
  const auto said = on_clock(noon, noon + 1s, noon + 2s);
  EXPECT_EQ(said.how, verdict::good);
  EXPECT_THAT(said.text, HasSubstr("0 ms"));
}

TEST(clock_skew, is_warned_of_with_its_direction) {
  const auto behind = on_clock(noon, noon + 1min, noon);
  EXPECT_EQ(behind.how, verdict::warning);
  EXPECT_THAT(behind.text, HasSubstr("60000 ms behind"));
  EXPECT_THAT(on_clock(noon + 1min, noon, noon + 1min).text, HasSubstr("60000 ms ahead of"));
}

TEST(clock_skew, of_a_slow_answer_is_not_blamed_on_the_clock) {
  EXPECT_EQ(on_clock(noon, noon + 6s, noon + 6s).how, verdict::good);
}

} // namespace
} // namespace trainyard
