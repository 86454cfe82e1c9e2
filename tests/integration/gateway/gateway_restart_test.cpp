// The last minutes outlive a gateway: stopped or killed, the next one at the same place goes on.
#include <csignal>

#include "tests/integration/gateway/gateway_world.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/free_port.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;

struct gateway_restart : gateway_world {
  std::string listen = "127.0.0.1:" + std::to_string(free_port());

  void start_again() {
    gateway = run({"gateway", "--listen", listen});
    port = port_of(*gateway);
  }
  /// The second of its first point; 0 while there is none.
  [[nodiscard]] std::int64_t oldest() const {
    const auto at = get("/api/v1/history").json()["at"];
    return at.is_array() && !at.empty() ? at.front().get<std::int64_t>() : 0;
  }
};

TEST_F(gateway_restart, its_history_goes_on_after_a_stop) {
  start_again();
  ASSERT_TRUE(eventually(20s, [&] { return oldest() > 0; }));
  const auto before = oldest();
  gateway->signal(SIGTERM);
  const auto ended = gateway->wait(30s);
  ASSERT_TRUE(ended && ended->status == 0) << gateway->err_so_far();
  start_again();
  EXPECT_TRUE(eventually(20s, [&] { return oldest() == before; })) << oldest() << " against " << before;
}

TEST_F(gateway_restart, a_damaged_history_is_told_and_costs_nothing_else) {
  const auto file =
      "gateway-" + listen.substr(0, listen.find(':')) + "-" + listen.substr(listen.find(':') + 1);
  dir.write("state/trainyard/" + file + ".history", "\xdd\xff\xff\xff\xff");
  start_again();
  EXPECT_EQ(get("/livez").status, 200);
  EXPECT_THAT(gateway->err_so_far(), HasSubstr("the history before this start is lost"));
}

} // namespace
} // namespace trainyard::testing
