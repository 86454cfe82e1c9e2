// What clients may ask of a session, state by state.
#include "actors/coordinator/host/session_rules.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

session_record record(const std::string& state, const std::string& wanted = "running",
                      const std::string& owner = "") {
  session_record one;
  one.status.session_id = "s1";
  one.status.state = state;
  one.status.coordinator = owner;
  one.wanted = wanted;
  return one;
}
void expect_conflict(const result<bool>& answer) {
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, failure_kind::session_conflict);
  EXPECT_NE(answer.error().cause.find("s1"), std::string::npos);
  EXPECT_FALSE(answer.error().remedy.empty());
}

TEST(session_rules, three_states_are_an_end) {
  for (const auto* state : {"completed", "cancelled", "failed"})
    EXPECT_TRUE(has_ended(record(state)));
  for (const auto* state : {"queued", "running", "paused"})
    EXPECT_FALSE(has_ended(record(state)));
}

TEST(session_rules, a_session_that_is_owned_is_only_marked) {
  auto one = record("running", "running", "node");
  EXPECT_EQ(ask_pause(one).value(), true);
  EXPECT_EQ(one.wanted, "paused");
  EXPECT_EQ(one.status.state, "running");
  EXPECT_EQ(ask_resume(one).value(), true);
  EXPECT_EQ(one.wanted, "running");
  EXPECT_EQ(ask_cancel(one, "now").value(), true);
  EXPECT_EQ(one.wanted, "cancelled");
  EXPECT_EQ(one.status.state, "running");
  EXPECT_EQ(one.status.finished_at, "");
}

TEST(session_rules, a_session_without_an_owner_changes_at_once) {
  auto one = record("queued");
  EXPECT_EQ(ask_pause(one).value(), true);
  EXPECT_EQ(one.status.state, "paused");
  EXPECT_EQ(ask_resume(one).value(), true);
  EXPECT_EQ(one.status.state, "queued");
  EXPECT_EQ(ask_cancel(one, "now").value(), true);
  EXPECT_EQ(one.status.state, "cancelled");
  EXPECT_EQ(one.status.finished_at, "now");
}

TEST(session_rules, asking_twice_changes_nothing) {
  auto one = record("queued");
  EXPECT_EQ(ask_resume(one).value(), false);
  (void)ask_pause(one);
  EXPECT_EQ(ask_pause(one).value(), false);
  (void)ask_cancel(one, "first");
  EXPECT_EQ(ask_cancel(one, "second").value(), false);
  EXPECT_EQ(one.status.finished_at, "first");
}

TEST(session_rules, what_is_over_cannot_be_paused_resumed_or_cancelled) {
  for (const auto* state : {"completed", "failed"}) {
    auto one = record(state);
    expect_conflict(ask_pause(one));
    expect_conflict(ask_resume(one));
    expect_conflict(ask_cancel(one, "now"));
    EXPECT_EQ(one.wanted, "running");
  }
  auto ending = record("running", "cancelled", "node");
  expect_conflict(ask_pause(ending));
  expect_conflict(ask_resume(ending));
  EXPECT_EQ(ending.wanted, "cancelled");
}

TEST(session_rules, a_failed_or_cancelled_session_is_queued_again_as_if_new) {
  for (const auto* state : {"failed", "cancelled"}) {
    auto one = record(state, "cancelled", "");
    one.status.reason = "why";
    one.status.code = "TY1101";
    one.status.finished_at = "then";
    one.status.started_at = "before";
    one.status.report = session_report{};
    EXPECT_EQ(ask_retry(one).value(), true);
    EXPECT_EQ(one.wanted, "running");
    EXPECT_EQ(one.status.state, "queued");
    EXPECT_EQ(one.status.reason + one.status.code + one.status.finished_at, "");
    EXPECT_FALSE(one.status.report);
  }
}

TEST(session_rules, a_completed_session_with_failures_is_queued_again_to_retry_them_and_prunes_nothing) {
  auto one = record("completed");
  one.status.failed = 3;
  one.status.finished_at = "then";
  one.spec.prune = true;
  EXPECT_EQ(ask_retry(one).value(), true);
  EXPECT_EQ(one.status.state, "queued");
  EXPECT_EQ(one.status.finished_at, "");
  EXPECT_EQ(one.retry_failed, true);
  EXPECT_FALSE(one.spec.prune);
}

TEST(session_rules, a_completed_session_follows_its_directory_when_it_is_submitted_again) {
  auto one = record("completed");
  one.status.report = session_report{};
  session_spec asked;
  asked.prune = true;
  EXPECT_TRUE(ask_update(one, asked));
  EXPECT_EQ(one.status.state, "queued");
  EXPECT_EQ(one.spec.prune, true);
  EXPECT_FALSE(one.retry_failed);
  EXPECT_FALSE(one.status.report);
  for (const auto* state : {"queued", "running", "paused", "failed", "cancelled"}) {
    auto other = record(state);
    EXPECT_FALSE(ask_update(other, asked)) << state;
    EXPECT_EQ(other.status.state, state);
  }
}

TEST(session_rules, what_has_no_failure_or_is_still_going_cannot_be_retried) {
  auto one = record("completed");
  const auto none_failed = ask_retry(one);
  expect_conflict(none_failed);
  EXPECT_NE(none_failed.error().remedy.find("submit"), std::string::npos);
  auto going = record("running", "running", "node");
  expect_conflict(ask_retry(going));
}

} // namespace
} // namespace trainyard
