// Whatever ends `trainyard run`, the same command finishes the job with the bytes of an undisturbed run.
#include <csignal>

#include <gmock/gmock.h>

#include "tests/integration/run/run_bench.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;
using testing::eventually;
using ::testing::HasSubstr;

constexpr std::uintmax_t record_bytes = 4 * (1280 * 2 + 100); // a batch of four in the ledger, about

class run_killed : public testing::run_bench {
protected:
  std::map<std::string, std::string> undisturbed() {
    const auto to = dir.path() / "undisturbed";
    EXPECT_EQ(trainyard(run_arguments(photos(), to)).status, 0);
    return visible_bytes(to);
  }
  /// Starts a run and ends it with `signal` once it has recorded `batches`; nothing is left of its server
  /// soon after.
  void kill_after(std::uintmax_t batches, int signal) {
    auto running = start(run_arguments(photos(), out()));
    const auto before = ledger_bytes(out());
    ASSERT_TRUE(eventually(
        60s, [&] { return ledger_bytes(out()) >= before + batches * record_bytes || !running.running(); }));
    running.signal(signal);
    ASSERT_TRUE(running.wait(20s));
    ASSERT_TRUE(eventually(5s, [this] { return nothing_left_behind(); }))
        << "a nats-server or its files outlived the run";
  }
  void finish_and_compare(const std::map<std::string, std::string>& expected) {
    const auto done = trainyard(run_arguments(photos(), out()));
    EXPECT_EQ(done.status, 0) << done.err;
    EXPECT_EQ(report_of(done)["embedded"], 96);
    EXPECT_EQ(visible_bytes(out()), expected);
  }
};

TEST_F(run_killed, with_sigkill_at_a_third_and_at_two_thirds_it_loses_and_doubles_nothing) {
  const auto expected = undisturbed();
  kill_after(
      3, SIGKILL); // shards of 24 rows: segments are dropped as they are written out, so counts are per run
  kill_after(3, SIGKILL);
  finish_and_compare(expected);
}

TEST_F(run_killed, before_anything_was_recorded_it_starts_over) {
  const auto expected = undisturbed();
  {
    auto running = start(run_arguments(photos(), out()));
    ASSERT_TRUE(eventually(60s, [&] { return std::filesystem::exists(out()); }));
    running.signal(SIGKILL);
    ASSERT_TRUE(running.wait(20s));
  }
  finish_and_compare(expected);
}

TEST_F(run_killed, interrupted_it_says_how_to_resume_and_resumes) {
  const auto expected = undisturbed();
  for (const int signal : {SIGINT, SIGTERM}) {
    auto running = start(run_arguments(photos(), out()));
    const auto before = ledger_bytes(out());
    ASSERT_TRUE(
        eventually(60s, [&] { return ledger_bytes(out()) >= before + record_bytes || !running.running(); }));
    running.signal(signal);
    const auto ended = running.wait(20s);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->status, 128 + signal) << ended->err;
    EXPECT_EQ(report_of(*ended)["state"], "interrupted");
    EXPECT_TRUE(eventually(5s, [this] { return nothing_left_behind(); }));
  }
  finish_and_compare(expected);
}

TEST_F(run_killed, a_killed_nats_server_ends_the_run_with_a_clear_error_and_the_next_one_finishes) {
  const auto expected = undisturbed();
  {
    auto running = start(run_arguments(photos(), out()));
    ASSERT_TRUE(eventually(60s, [&] { return ledger_bytes(out()) >= record_bytes; }));
    const auto server = server_pid();
    ASSERT_GT(server, 0);
    ::kill(server, SIGKILL);
    const auto ended = running.wait(30s);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->status, 69) << ended->err;
    EXPECT_THAT(ended->err, HasSubstr("nats-server"));
  }
  finish_and_compare(expected);
}

} // namespace
} // namespace trainyard
