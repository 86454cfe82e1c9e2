// Every batch is handed out, none twice at a time, and never more than the window allows.
#include <chrono>
#include <map>
#include <random>
#include <set>
#include <vector>

#include <gmock/gmock.h>

#include "actors/coordinator/dispatch_window.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
const dispatch_window::time_point start{1000s};

window_limits small(std::size_t in_flight, std::uint64_t spread) {
  return {in_flight, spread, 60s};
}

bool all_finished(const dispatch_window& window) {
  return window.first_open() == window.planned();
}

TEST(dispatch_window, hands_out_in_order_up_to_its_size) {
  dispatch_window window(small(2, 10));
  EXPECT_EQ(window.next(start), std::nullopt);
  EXPECT_TRUE(all_finished(window));
  window.set_planned(3);
  EXPECT_EQ(window.next(start), (dispatch{0, 1}));
  EXPECT_EQ(window.next(start), (dispatch{1, 1}));
  EXPECT_EQ(window.next(start), std::nullopt);
  EXPECT_TRUE(window.finish(1));
  EXPECT_FALSE(window.finish(1));
  EXPECT_EQ(window.first_open(), 0U);
  EXPECT_EQ(window.next(start), (dispatch{2, 1}));
  EXPECT_TRUE(window.finish(0));
  EXPECT_TRUE(window.finish(2));
  EXPECT_TRUE(all_finished(window));
  EXPECT_FALSE(window.finish(2));
  EXPECT_FALSE(window.finish(3)); // never planned
}

TEST(dispatch_window, waits_for_a_straggler_rather_than_grow) {
  dispatch_window window(small(4, 6));
  window.set_planned(1'000);
  ASSERT_EQ(window.next(start)->batch, 0U);
  std::uint64_t highest = 0;
  while (const auto next = window.next(start)) {
    highest = next->batch;
    window.finish(next->batch);
  }
  EXPECT_EQ(highest, 5U);
  window.finish(0);
  EXPECT_EQ(window.next(start)->batch, 6U);
}

TEST(dispatch_window, skips_what_an_earlier_run_finished_without_handing_it_out) {
  dispatch_window window(small(2, 5));
  window.set_planned(1'000);
  for (std::uint64_t batch = 0; batch < 1'000; ++batch)
    if (batch % 10 != 7) {
      EXPECT_TRUE(window.finish(batch));
    }
  EXPECT_EQ(window.first_open(), 7U);
  EXPECT_EQ(window.next(start)->batch, 7U);
  EXPECT_EQ(window.next(start), std::nullopt); // 17 lies beyond the spread
  window.finish(7);
  EXPECT_EQ(window.next(start)->batch, 17U);
}

TEST(dispatch_window, is_finished_at_once_where_all_was_done) {
  dispatch_window window(small(2, 5));
  window.set_planned(100);
  for (std::uint64_t batch = 0; batch < 100; ++batch)
    window.finish(batch);
  EXPECT_TRUE(all_finished(window));
  EXPECT_EQ(window.next(start), std::nullopt);
}

TEST(dispatch_window, finishes_by_what_was_done_behind_the_last_one_in_flight) {
  dispatch_window window(small(1, 5));
  window.set_planned(50);
  for (std::uint64_t batch = 1; batch < 50; ++batch)
    window.finish(batch);
  ASSERT_EQ(window.next(start)->batch, 0U);
  window.finish(0);
  EXPECT_TRUE(all_finished(window));
}

TEST(dispatch_window, publishes_a_failed_one_again_after_a_growing_pause) {
  dispatch_window window(small(1, 5));
  window.set_planned(2);
  auto now = start;
  ASSERT_EQ(window.next(now), (dispatch{0, 1}));
  auto pause = 100ms;
  for (int failure = 0; failure < 12; ++failure) {
    window.published_failed(0, now);
    window.published_failed(0, now); // told twice
    EXPECT_EQ(window.in_flight(), 0U);
    EXPECT_EQ(window.next(now + pause - 1ms), std::nullopt);
    now += pause;
    EXPECT_EQ(window.next(now), (dispatch{0, 1}));
    pause = std::min<std::chrono::milliseconds>(pause * 2, 5s);
  }
  window.published_failed(1, now); // never handed out
  EXPECT_EQ(window.in_flight(), 1U);
  window.published_failed(0, now);
  EXPECT_TRUE(window.finish(0)); // it was stored after all
  EXPECT_EQ(window.in_flight(), 0U);
  EXPECT_EQ(window.next(now), (dispatch{1, 1}));
}

TEST(dispatch_window, a_batch_that_is_overdue_twice_is_stuck_and_waits_twice_as_long_each_time) {
  dispatch_window window({.retry_after = 60s});
  window.set_planned(1);
  ASSERT_TRUE(window.next(start));
  EXPECT_THAT(window.overdue(start + 60s), ElementsAre(dispatch{0, 2}));
  EXPECT_FALSE(window.is_stuck(0));
  EXPECT_THAT(window.overdue(start + 120s), ElementsAre(dispatch{0, 3}));
  EXPECT_TRUE(window.is_stuck(0));
  EXPECT_THAT(window.overdue(start + 239s), IsEmpty());
  EXPECT_THAT(window.overdue(start + 240s), ElementsAre(dispatch{0, 4}));
  EXPECT_TRUE(window.finish(0));
  EXPECT_FALSE(window.is_stuck(0));
}

TEST(dispatch_window, a_repeat_keeps_its_attempt_when_the_server_does_not_take_it) {
  dispatch_window window({});
  window.set_planned(1);
  EXPECT_FALSE(window.repeat(0, 7)) << "not in flight";
  ASSERT_TRUE(window.next(start));
  EXPECT_TRUE(window.repeat(0, 1001));
  EXPECT_EQ(window.next(start), (dispatch{0, 1001}));
  window.published_failed(0, start);
  EXPECT_EQ(window.next(start + 10s), (dispatch{0, 1001}));
}

TEST(dispatch_window, tells_of_overdue_batches_once_per_wait) {
  dispatch_window window(small(4, 8));
  window.set_planned(3);
  (void)window.next(start);
  (void)window.next(start + 30s);
  EXPECT_THAT(window.overdue(start + 59s), IsEmpty());
  EXPECT_THAT(window.overdue(start + 60s), ElementsAre(dispatch{0, 2}));
  EXPECT_THAT(window.overdue(start + 60s), IsEmpty());
  EXPECT_THAT(window.overdue(start + 120s), ElementsAre(dispatch{0, 3}, dispatch{1, 2}));
  window.published_failed(0, start + 120s);
  EXPECT_EQ(window.next(start + 121s), (dispatch{0, 3}));
}

TEST(dispatch_window, hands_out_nothing_while_stopped_but_takes_results) {
  dispatch_window window(small(2, 8));
  window.set_planned(5);
  (void)window.next(start);
  (void)window.next(start);
  window.published_failed(1, start);
  window.stop();
  EXPECT_EQ(window.next(start + 1h), std::nullopt);
  EXPECT_THAT(window.overdue(start + 1h), IsEmpty());
  EXPECT_EQ(window.in_flight(), 1U);
  EXPECT_TRUE(window.finish(0));
  window.resume();
  EXPECT_EQ(window.next(start + 1h), (dispatch{1, 1}));
}

TEST(dispatch_window, takes_results_of_batches_that_an_earlier_owner_sent_out) {
  dispatch_window window(small(1, 2));
  window.set_planned(10);
  EXPECT_TRUE(window.finish(9));
  EXPECT_TRUE(window.finish(1));
  EXPECT_FALSE(window.finish(9));
  std::vector<std::uint64_t> handed;
  while (const auto next = window.next(start)) {
    handed.push_back(next->batch);
    window.finish(next->batch);
  }
  EXPECT_THAT(handed, ElementsAre(0, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_TRUE(all_finished(window));
}

TEST(dispatch_window, does_a_lost_result_again_and_waits_for_it) {
  dispatch_window window(small(2, 4));
  window.set_planned(6);
  for (int i = 0; i < 5; ++i)
    window.finish(window.next(start)->batch);
  EXPECT_EQ(window.first_open(), 5U);
  EXPECT_FALSE(window.reopen(5));
  EXPECT_FALSE(window.reopen(77));
  EXPECT_TRUE(window.reopen(1, 2));
  EXPECT_FALSE(window.reopen(1, 3));
  EXPECT_EQ(window.first_open(), 1U);
  EXPECT_EQ(window.next(start), (dispatch{1, 2}));
  EXPECT_EQ(window.next(start), std::nullopt); // 5 lies beyond 1 + 4
  EXPECT_FALSE(all_finished(window));
  EXPECT_TRUE(window.finish(1));
  EXPECT_EQ(window.next(start)->batch, 5U);
  EXPECT_TRUE(window.finish(5));
  EXPECT_TRUE(all_finished(window));
}

/// Random publishing failures, lost messages, doubles, strays, stops, late planning.
TEST(dispatch_window, keeps_its_promises_in_random_runs) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const window_limits limits{1 + random() % 8, 1 + random() % 20, 2s};
    const std::uint64_t total = random() % 150;
    std::set<std::uint64_t> done;
    for (std::uint64_t batch = 0; batch < total; ++batch)
      if (random() % 5 == 0)
        done.insert(batch);
    const auto resumed = done;
    dispatch_window window(limits);
    std::map<std::uint64_t, std::uint32_t> flying;
    std::uint64_t planned = 0;
    auto now = start;
    for (int step = 0; step < 20'000 && (done.size() < total || planned < total); ++step, now += 10ms) {
      if (random() % 10 == 0) {
        const auto before = planned;
        window.set_planned(planned = std::min<std::uint64_t>(total, planned + random() % 30));
        for (auto each = resumed.lower_bound(before); each != resumed.end() && *each < planned; ++each)
          ASSERT_TRUE(window.finish(*each));
      }
      if (random() % 50 == 0)
        random() % 2 ? window.stop() : window.resume();
      if (step % 400 == 0)
        window.resume();
      if (const auto next = window.next(now)) {
        ASSERT_TRUE(flying.emplace(next->batch, next->attempt).second) << "twice in flight";
        ASSERT_FALSE(done.contains(next->batch)) << "done and handed out";
        ASSERT_LT(next->batch, planned);
        ASSERT_LT(next->batch - window.first_open(), limits.max_spread);
        ASSERT_LE(window.in_flight(), limits.max_in_flight);
      }
      for (const auto& late : window.overdue(now)) {
        ASSERT_TRUE(flying.contains(late.batch));
        ASSERT_EQ(late.attempt, ++flying[late.batch]);
      }
      ASSERT_EQ(window.in_flight(), flying.size());
      if (flying.empty())
        continue;
      const auto chosen =
          std::next(flying.begin(), static_cast<std::ptrdiff_t>(random() % flying.size()))->first;
      if (random() % 4 == 0) {
        window.published_failed(chosen, now);
        flying.erase(chosen);
      } else if (random() % 4 == 0) {
        ASSERT_TRUE(window.finish(chosen));
        ASSERT_FALSE(window.finish(chosen));
        done.insert(chosen);
        flying.erase(chosen);
      }
    }
    ASSERT_EQ(done.size(), total) << seed;
    ASSERT_TRUE(all_finished(window)) << seed;
    ASSERT_EQ(window.next(now), std::nullopt);
  }
}

} // namespace
} // namespace trainyard
