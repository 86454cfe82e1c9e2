// The dashboard in a real browser, on a session that runs: every page is looked at, every button pressed.
#include <cstdlib>

#include "tests/integration/cluster/cluster_bench.hpp"
#include "tests/integration/gateway/gateway_world.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;

struct dashboard : cluster_bench {
  [[nodiscard]] bool browser_can() const {
    child_process looking(dir.path(), {"node", "tests/integration/gateway/dashboard.mjs", "--look"},
                          browser());
    const auto looked = looking.wait(30s);
    return looked && looked->status == 0;
  }
  [[nodiscard]] static std::vector<std::string> browser() { return {"NODE_PATH=" TRAINYARD_BROWSER_MODULES}; }
};

TEST_F(dashboard, shows_and_steers_a_running_session) {
  if (!browser_can())
    GTEST_SKIP()
        << "no chromium, or no node with playwright-core: npm install --prefix build/browser playwright-core "
           "axe-core";
  dir.write("broken/not-a-picture.jpg", "text");
  coordinator_roots.insert(coordinator_roots.end(), {"--root", "broken=" + (dir.path() / "broken").string()});
  worker_roots = coordinator_roots;
  coordinator("c1");
  const auto gateway = start_client({"gateway", "--listen", "127.0.0.1:0"});
  const auto port = port_of(*gateway);
  ASSERT_TRUE(eventually(60s, [&] { return ask(port, "GET", "/readyz").status == 200; }));
  ASSERT_EQ(submit("s1", {"--batch-size", "1"}), 0);
  auto variables = browser();
  const auto* const kept = std::getenv("DASHBOARD_SCREENSHOTS"); // by whoever wants to look at them
  variables.push_back("DASHBOARD_SCREENSHOTS=" + (kept ? std::string(kept) : dir.path().string()));
  child_process clicking(
      dir.path(), {"node", "tests/integration/gateway/dashboard.mjs", std::to_string(port), "s1"}, variables);
  ASSERT_TRUE(eventually(120s, [&] {
    return !clicking.running() || clicking.err_so_far().find("wants a worker") != std::string::npos;
  }));
  ASSERT_EQ(client({"submit", ".", "--root", "broken", "--session-id", "broken"}).status, 0);
  worker("w1", {"--forward-threads", "1", "--decode-threads", "1"});
  const auto clicked = clicking.wait(200s);
  ASSERT_TRUE(clicked) << "still clicking: " << clicking.err_so_far();
  EXPECT_EQ(clicked->status, 0) << clicked->out << clicked->err;
}

} // namespace
} // namespace trainyard::testing
