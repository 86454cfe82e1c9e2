// A gateway as a process of the real binary, with a real nats-server and a real coordinator behind it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "tests/integration/gateway/raw_http.hpp"
#include "tests/integration/nats/hand_server.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {

using ::testing::HasSubstr;
using ::testing::Not;

/// Waits until it says where it serves; throws where it ends before.
[[nodiscard]] std::uint16_t port_of(child_process& gateway);

struct gateway_world : ::testing::Test {
  temp_dir dir;
  hand_server server;
  std::unique_ptr<child_process> coordinator;
  std::unique_ptr<child_process> gateway;
  std::uint16_t port = 0;

  /// `arguments` of the gateway, beside --listen.
  void start(std::vector<std::string> arguments = {}, bool with_coordinator = true);
  [[nodiscard]] std::unique_ptr<child_process> run(std::vector<std::string> arguments,
                                                   std::vector<std::string> variables = {}) const;
  [[nodiscard]] raw_answer get(std::string_view target, std::string_view head = {}) const {
    return ask(port, "GET", target, head);
  }
};

} // namespace trainyard::testing
