// Real processes of each role, and in systemd's place a socket that hears what they say.
#include <csignal>

#include <gmock/gmock.h>

#include "tests/integration/cluster/cluster_bench.hpp"
#include "tests/support/notify_socket.hpp"

namespace trainyard::testing {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

struct notify_test : cluster_bench {
  std::string path = (dir.path() / "notify").string();
  notify_socket manager{path};

  std::unique_ptr<child_process> start_as_service(std::vector<std::string> arguments,
                                                  std::chrono::microseconds watchdog) const {
    auto variables = environment();
    variables.push_back("NOTIFY_SOCKET=" + path);
    variables.push_back("WATCHDOG_USEC=" + std::to_string(watchdog.count()));
    arguments.insert(arguments.begin(), program);
    return std::make_unique<child_process>(dir.path(), std::move(arguments), variables);
  }
};

TEST_F(notify_test, a_gateway_is_ready_gives_signs_of_life_and_says_that_it_stops) {
  const auto gateway = start_as_service({"gateway", "--listen", "127.0.0.1:0"}, 400ms);
  EXPECT_THAT(manager.next(30s), HasSubstr("READY=1\nSTATUS=Gateway on http://127.0.0.1:"));
  for (int sign = 0; sign < 3; ++sign)
    EXPECT_EQ(manager.next(10s), "WATCHDOG=1");
  gateway->signal(SIGTERM);
  EXPECT_THAT(manager.next_with("STOPPING=1", 10s), HasSubstr("ending what is being answered"));
  EXPECT_TRUE(gateway->wait(20s));
}

TEST_F(notify_test, a_coordinator_says_that_its_server_is_gone_and_back) {
  const auto coordinator = start_as_service({"coordinator", "--root", "photos=" + photos().string(),
                                             "--output-root", (dir.path() / "out").string(), "--node", "c1"},
                                            60s);
  EXPECT_THAT(manager.next_with("READY=1", 60s), HasSubstr("Coordinator c1 takes sessions"));
  server.kill();
  EXPECT_NE(manager.next_with("no NATS server answers", 30s), "");
  server.start();
  EXPECT_THAT(manager.next_with("STATUS=Coordinator c1", 60s), HasSubstr("takes sessions"));
}

TEST_F(notify_test, what_does_not_start_is_never_ready) {
  const auto worker = start_as_service({"worker", "--model", "no-such-model"}, 60s);
  EXPECT_EQ(worker->wait(60s).value_or(finished_process{}).status, 78);
  EXPECT_EQ(manager.next(0ms), "");
}

} // namespace
} // namespace trainyard::testing
