// What stands still in a run, the server or a large batch, holds it up for a bounded time only.
#include <csignal>

#include <gmock/gmock.h>

#include "tests/integration/run/run_bench.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::eventually;
using ::testing::HasSubstr;

class run_stalled : public testing::run_bench {
protected:
  static bool says(const testing::child_process& running, const std::string& what) {
    return running.err_so_far().find(what) != std::string::npos;
  }
  /// Stops the private server of `running` once a batch is recorded; its process id.
  pid_t stop_server(testing::child_process& running) {
    EXPECT_TRUE(eventually(60s, [&] { return ledger_bytes(out()) > 10'000 || !running.running(); }));
    const auto server = server_pid();
    EXPECT_GT(server, 0);
    if (server > 0)
      ::kill(server, SIGSTOP);
    return server;
  }
};

TEST_F(run_stalled, a_nats_server_that_hangs_for_a_while_costs_time_and_is_told_of) {
  auto running = start(run_arguments(photos(), out()));
  const auto server = stop_server(running);
  ASSERT_GT(server, 0);
  EXPECT_TRUE(eventually(25s, [&] { return says(running, "does not answer"); })) << running.err_so_far();
  ::kill(server, SIGCONT);
  const auto done = running.wait(120s);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->status, 0) << done->err;
  EXPECT_THAT(done->err, HasSubstr("answers again"));
  EXPECT_EQ(report_of(*done)["embedded"], 96);
}

TEST_F(run_stalled,
       a_nats_server_that_hangs_for_good_ends_the_run_within_a_minute_and_the_next_one_finishes) {
  {
    auto running = start(run_arguments(photos(), out()));
    const auto server = stop_server(running);
    ASSERT_GT(server, 0);
    const auto ended = running.wait(60s);
    ASSERT_TRUE(ended) << running.err_so_far();
    EXPECT_EQ(ended->status, 69) << ended->err;
    EXPECT_THAT(ended->err, HasSubstr("code=TY1301"));
    EXPECT_THAT(ended->err, HasSubstr("process " + std::to_string(server)));
    EXPECT_TRUE(eventually(5s, [this] { return nothing_left_behind(); })) << "the server outlived the run";
  }
  const auto done = trainyard(run_arguments(photos(), out()));
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_EQ(report_of(done)["embedded"], 96);
}

TEST_F(run_stalled, ctrl_c_in_a_batch_of_a_thousand_images_takes_ten_seconds_at_most) {
  const auto many = dir.path() / "many";
  fs::create_directory(many);
  for (int copy = 0; copy < 22; ++copy) // two batches of 1,024
    for (const auto& each : fs::recursive_directory_iterator(photos()))
      if (each.is_regular_file())
        fs::create_hard_link(each.path(),
                             many / (std::to_string(copy) + "-" + each.path().filename().string()));
  auto running = start({"run", many.string(), "--out", out().string(), "--json", "--batch-size", "1024",
                        "--progress", "json", "--gpu-batch-size", "8", "--gpu-memory-cleanup-interval", "8"});
  ASSERT_TRUE(
      eventually(120s, [&] { return says(running, "Periodic garbage collection") || !running.running(); }));
  running.signal(SIGINT);
  const auto ended =
      running.wait(15s); // ten are promised; a machine that runs other tests too gets five more
  ASSERT_TRUE(ended) << running.err_so_far();
  EXPECT_EQ(ended->status, 130) << ended->err;
  const auto report = report_of(*ended);
  EXPECT_EQ(report["state"], "interrupted");
  EXPECT_TRUE(eventually(5s, [this] { return nothing_left_behind(); }));
}

} // namespace
} // namespace trainyard
