// A run with a page of its own: the dashboard and its API answer while it lasts, and go with it.
#include <csignal>

#include "tests/integration/gateway/gateway_world.hpp"
#include "tests/integration/run/run_bench.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;
const std::string sessions = "/api/v1/training/sessions";

struct run_dashboard : run_bench {
  /// Slow enough to be looked at: one image a batch, one lane.
  [[nodiscard]] std::vector<std::string> slow_run() const {
    return {"run",   photos().string(),  "--out", out().string(),     "--dashboard", "--progress",
            "plain", "--batch-size",     "1",     "--gpu-batch-size", "1",           "--device",
            "cpu",   "--decode-threads", "1",     "--prefetch",       "1",           "--forward-threads",
            "1"};
  }
};

TEST_F(run_dashboard, shows_the_run_while_it_lasts) {
  auto run = start(slow_run());
  const auto port = port_of(run);
  const auto get = [&](const std::string& target) { return ask(port, "GET", target); };
  EXPECT_THAT(get("/").body, HasSubstr("id=\"app\""));
  EXPECT_EQ(get("/readyz").status, 200);
  ASSERT_TRUE(eventually(60s,
                         [&] {
                           const auto answer = get(sessions);
                           return answer.status == 200 && answer.json()["sessions"][0]["embedded"] > 0;
                         }) ||
              !run.running());
  const auto session = get(sessions).json()["sessions"][0];
  EXPECT_EQ(session["state"], "running");
  const auto id = session["session_id"].get<std::string>();
  EXPECT_EQ(get(sessions + "/" + id).json()["training_directory"], photos().string());
  EXPECT_TRUE(eventually(20s, [&] { return get("/api/v1/devices").json()["devices"].size() == 1; }));
  EXPECT_EQ(get("/api/v1/failures").json()["total"], 0);
  EXPECT_EQ(get("/api/v1/health").json()["ok"], true);
  const auto refused = post(port, sessions + "/" + id + "/cancel", "{}");
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.body, HasSubstr("TY1603"));
  run.signal(SIGINT);
  EXPECT_EQ(run.wait(60s).value_or(finished_process{}).status, 130);
  EXPECT_TRUE(nothing_left_behind());
}

TEST_F(run_dashboard, is_not_there_unless_it_is_asked_for) {
  auto arguments = run_arguments(photos(), out());
  const auto finished = trainyard(arguments);
  EXPECT_EQ(finished.status, 0);
  EXPECT_THAT(finished.err, Not(HasSubstr("Dashboard on")));
}

} // namespace
} // namespace trainyard::testing
