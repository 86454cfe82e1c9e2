// Processes and their places.
#include "tests/integration/gateway/gateway_world.hpp"

#include <stdexcept>

#include "tests/support/eventually.hpp"

namespace trainyard::testing {

using namespace std::chrono_literals;

std::uint16_t port_of(child_process& gateway) {
  const std::string before = "http://127.0.0.1:";
  const auto found = [&] { return gateway.err_so_far().find(before) != std::string::npos; };
  if (!eventually(30s, [&] { return found() || !gateway.running(); }) || !found())
    throw std::runtime_error("the gateway did not start: " + gateway.err_so_far());
  const auto said = gateway.err_so_far();
  return static_cast<std::uint16_t>(std::stoul(said.substr(said.find(before) + before.size())));
}

std::unique_ptr<child_process> gateway_world::run(std::vector<std::string> arguments,
                                                  std::vector<std::string> variables) const {
  const auto folder = dir.path() / arguments.front();
  std::filesystem::create_directories(folder);
  arguments.insert(arguments.begin(), TRAINYARD_BINARY);
  variables.insert(variables.end(), {"TRAINYARD_NATS=" + server.login().urls.front(),
                                     "TRAINYARD_NATS_TOKEN=" + server.login().token,
                                     "XDG_CONFIG_HOME=" + (dir.path() / "config").string(),
                                     "XDG_STATE_HOME=" + (dir.path() / "state").string()});
  return std::make_unique<child_process>(folder, std::move(arguments), std::move(variables));
}

void gateway_world::start(std::vector<std::string> arguments, bool with_coordinator) {
  std::filesystem::create_directories(dir.path() / "photos");
  if (with_coordinator)
    coordinator = run({"coordinator", "--node", "c1", "--root", "photos=" + (dir.path() / "photos").string(),
                       "--output-root", (dir.path() / "out").string()});
  arguments.insert(arguments.begin(), {"gateway", "--listen", "127.0.0.1:0"});
  gateway = run(std::move(arguments));
  port = port_of(*gateway);
  if (with_coordinator) {
    ASSERT_TRUE(eventually(60s, [&] { return get("/readyz").status == 200; })) << coordinator->err_so_far();
  }
}

} // namespace trainyard::testing
