// Credits, sweeps and hold-offs, without a server.
#include "nodes/nats/pull_plan.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

using namespace std::chrono_literals;

struct pull_plan_test : ::testing::Test {
  pull_plan::time now{std::chrono::hours(1)};
  pull_plan plan{2'500ms, 1'000ms};
};

TEST_F(pull_plan_test, one_source_gets_the_whole_credit_as_one_waiting_request) {
  plan.add_source(0);
  plan.add_credit(3);
  const auto asked = plan.next(now);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].deliveries, 3U);
  EXPECT_EQ(asked[0].wait, 2'500ms);
  EXPECT_EQ(asked[0].heartbeat, 1'000ms);
  EXPECT_TRUE(plan.next(now).empty());
}

TEST_F(pull_plan_test, a_delivery_without_credit_is_not_taken) {
  plan.add_source(0);
  EXPECT_FALSE(plan.take(0, now));
  plan.add_credit(1);
  EXPECT_TRUE(plan.take(0, now));
  EXPECT_FALSE(plan.take(0, now));
}

TEST_F(pull_plan_test, requests_that_the_server_serves_in_turn_still_add_up) {
  plan.add_source(0);
  plan.add_credit(5);
  const auto first = plan.next(now).at(0).id;
  plan.add_credit(4);
  const auto second = plan.next(now).at(0).id;
  for (int i = 0; i < 5; ++i) // measured: four of these were the first request's, one the second's
    EXPECT_TRUE(plan.take(0, now));
  EXPECT_EQ(plan.ledger().requested(0), 4U);
  (void)plan.status(first, 408, true, 1, now);
  EXPECT_EQ(plan.ledger().requested(0), 3U);
  (void)plan.status(second, 408, true, 3, now);
  EXPECT_EQ(plan.ledger().requested(0), 0U);
  EXPECT_EQ(plan.ledger().free(), 4U);
}

TEST_F(pull_plan_test, a_status_for_a_forgotten_request_takes_nothing_from_the_others) {
  plan.add_source(0);
  plan.add_credit(2);
  const auto old = plan.next(now).at(0).id;
  plan.forget_requests();
  ASSERT_EQ(plan.next(now).size(), 1U);
  (void)plan.status(old, 408, true, 2, now);
  EXPECT_EQ(plan.ledger().requested(0), 2U);
}

TEST_F(pull_plan_test, hostile_pending_counts_change_nothing_but_their_request) {
  plan.add_source(0);
  plan.add_credit(2);
  const auto id = plan.next(now).at(0).id;
  (void)plan.status(id, 408, true, std::size_t(-1), now);
  EXPECT_EQ(plan.ledger().free(), 2U);
  EXPECT_EQ(plan.ledger().requested(0), 0U);
}

TEST_F(pull_plan_test, several_sources_are_swept_from_the_highest_rank_down) {
  plan.add_source(0);
  plan.add_source(2);
  plan.add_source(1);
  plan.add_credit(4);
  for (const std::size_t expected : {1U, 2U, 0U}) {
    const auto asked = plan.next(now);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].source, expected);
    EXPECT_EQ(asked[0].deliveries, 4U);
    EXPECT_EQ(asked[0].wait, 0ms);
    EXPECT_TRUE(plan.next(now).empty()) << "one sweep at a time";
    (void)plan.status(asked[0].id, 404, false, 0, now);
  }
  std::size_t resting = 0;
  for (const auto& each : plan.next(now)) {
    EXPECT_GT(each.wait, 0ms);
    EXPECT_LE(each.wait, 1'000ms);
    resting += each.deliveries;
  }
  EXPECT_EQ(resting, 4U);
}

TEST_F(pull_plan_test, one_credit_rests_at_every_source_in_turn) {
  for (int rank = 0; rank < 3; ++rank)
    plan.add_source(rank);
  plan.add_credit(1);
  std::vector<bool> seen(3);
  for (int round = 0; round < 3; ++round) {
    std::vector<pull_request> asked;
    for (asked = plan.next(now); asked.at(0).wait == 0ms; asked = plan.next(now))
      (void)plan.status(asked[0].id, 404, false, 0, now);
    ASSERT_EQ(asked.size(), 1U);
    seen[asked[0].source] = true;
    now += asked[0].wait;
    (void)plan.status(asked[0].id, 408, true, 1, now);
  }
  EXPECT_EQ(seen, std::vector<bool>(3, true));
}

TEST_F(pull_plan_test, silence_past_the_end_frees_the_credit_after_a_hold) {
  plan.add_source(0);
  plan.add_credit(2);
  ASSERT_EQ(plan.next(now).size(), 1U);
  EXPECT_TRUE(plan.expire(now + 2'400ms).empty());
  now += 3'600ms;
  EXPECT_EQ(plan.expire(now), std::vector<std::size_t>{0});
  EXPECT_TRUE(plan.next(now).empty());
  EXPECT_EQ(plan.next(now + 500ms).at(0).deliveries, 2U);
}

TEST_F(pull_plan_test, a_heartbeat_keeps_a_request_alive) {
  plan.add_source(0);
  plan.add_credit(1);
  const auto id = plan.next(now).at(0).id;
  (void)plan.status(id, 100, false, 0, now + 2'000ms);
  EXPECT_TRUE(plan.expire(now + 3'000ms).empty());
  EXPECT_EQ(plan.ledger().requested(0), 1U);
}

TEST_F(pull_plan_test, refusals_hold_off_so_that_nothing_loops) {
  for (const auto& [code, hold] : {std::pair{503, 500ms}, {409, 100ms}, {400, 500ms}}) {
    pull_plan fresh(2'500ms, 1'000ms);
    fresh.add_source(0);
    fresh.add_credit(1);
    EXPECT_EQ(fresh.status(fresh.next(now).at(0).id, code, false, 0, now), code == 409);
    EXPECT_TRUE(fresh.next(now + hold - 1ms).empty()) << code;
    EXPECT_EQ(fresh.next(now + hold).size(), 1U) << code;
  }
}

} // namespace
} // namespace trainyard
