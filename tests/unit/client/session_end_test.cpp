// The end of a session of a cluster is told as that of a run.
#include "nodes/client/session_end.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

session_status in_state(std::string state) {
  session_status status;
  status.session_id = "s1";
  status.state = std::move(state);
  status.total = 10;
  status.embedded = 10;
  return status;
}

TEST(session_end, is_one_of_three_states) {
  for (const auto* state : {"completed", "cancelled", "failed"})
    EXPECT_TRUE(has_ended(in_state(state))) << state;
  for (const auto* state : {"queued", "running", "paused", "draining", ""})
    EXPECT_FALSE(has_ended(in_state(state))) << state;
}

TEST(session_end, gives_the_exit_status_of_a_run) {
  EXPECT_EQ(exit_status_of(in_state("completed")), 0);
  EXPECT_EQ(exit_status_of(in_state("cancelled")), 130);
  EXPECT_EQ(exit_status_of(in_state("failed")), 1);
  auto some = in_state("completed");
  some.failed = 2;
  EXPECT_EQ(exit_status_of(some), 3);
  auto full = in_state("failed");
  full.code = "TY1205";
  EXPECT_EQ(exit_status_of(full), 75);
}

TEST(session_end, tells_why_with_the_code_of_the_cause) {
  EXPECT_FALSE(why_failed(in_state("completed")));
  auto status = in_state("failed");
  status.code = "TY1205";
  status.reason = "the disk is full";
  const auto why = why_failed(status);
  ASSERT_TRUE(why);
  EXPECT_EQ(why->kind, failure_kind::disk_full);
  EXPECT_EQ(why->cause, "session s1 failed: the disk is full");
}

TEST(session_end, has_the_report_of_the_status_or_one_made_of_it) {
  auto status = in_state("failed");
  status.embedded = 7;
  status.pending = 3;
  status.model = "m";
  status.output = "/o";
  const auto made = report_of(status);
  EXPECT_EQ(made.session_id, "s1");
  EXPECT_EQ(made.state, "failed");
  EXPECT_EQ(made.embedded + made.failed + made.skipped + made.pending, made.total);
  EXPECT_EQ(made.output, "/o");
  status.report.emplace().dim = 1280;
  EXPECT_EQ(report_of(status).dim, 1280U);
}

TEST(session_end, progress_is_what_the_status_says) {
  auto status = in_state("running");
  status.eta_seconds = 3;
  status.in_flight = 4;
  status.total_is_final = true;
  const auto progress = progress_of(status);
  EXPECT_EQ(progress.session_id, "s1");
  EXPECT_EQ(progress.state, "running");
  EXPECT_EQ(progress.eta_seconds, 3);
  EXPECT_EQ(progress.in_flight, 4U);
  EXPECT_TRUE(progress.total_is_final);
}

} // namespace
} // namespace trainyard
