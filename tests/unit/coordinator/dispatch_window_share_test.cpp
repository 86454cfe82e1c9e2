// A session's share of the batches in flight grows, shrinks, is held back and goes on.
#include "actors/coordinator/dispatch_window.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

using namespace std::chrono_literals;
const dispatch_window::time_point start{1000s};

window_limits small(std::size_t in_flight, std::uint64_t spread) {
  return {in_flight, spread, 60s};
}

TEST(dispatch_window_share, a_larger_share_hands_out_more_at_once) {
  dispatch_window window(small(1, 100));
  window.set_planned(10);
  EXPECT_TRUE(window.next(start));
  EXPECT_FALSE(window.next(start));
  window.set_max_in_flight(3);
  EXPECT_EQ(window.next(start)->batch, 1U);
  EXPECT_EQ(window.next(start)->batch, 2U);
  EXPECT_FALSE(window.next(start));
}

TEST(dispatch_window_share, a_smaller_share_replaces_nothing_until_enough_have_come_back) {
  dispatch_window window(small(4, 100));
  window.set_planned(10);
  while (window.next(start)) {
  }
  window.set_max_in_flight(2);
  EXPECT_EQ(window.in_flight(), 4U);
  window.finish(0);
  window.finish(1);
  EXPECT_FALSE(window.next(start));
  window.finish(2);
  EXPECT_EQ(window.next(start)->batch, 4U);
  EXPECT_FALSE(window.next(start));
}

TEST(dispatch_window_share, a_share_of_none_is_one_and_what_is_due_again_is_still_sent) {
  dispatch_window window(small(2, 100));
  window.set_planned(5);
  (void)window.next(start);
  (void)window.next(start);
  window.set_max_in_flight(0);
  window.published_failed(0, start);
  window.published_failed(1, start);
  EXPECT_EQ(window.next(start + 1s)->batch, 0U);
  EXPECT_EQ(window.next(start + 1s)->batch, 1U);
  window.finish(0);
  window.finish(1);
  EXPECT_EQ(window.next(start + 1s)->batch, 2U);
  EXPECT_FALSE(window.next(start + 1s));
}

TEST(dispatch_window_share, resume_goes_on_where_stop_left_off) {
  dispatch_window window(small(2, 100));
  window.set_planned(3);
  EXPECT_TRUE(window.next(start));
  window.stop();
  EXPECT_FALSE(window.next(start));
  window.resume();
  EXPECT_EQ(window.next(start)->batch, 1U);
}

} // namespace
} // namespace trainyard
