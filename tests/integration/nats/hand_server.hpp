// A nats-server that a test kills, halts and starts again on the same store and port.
#pragma once

#include <cstdint>
#include <string>

#include <sys/types.h>

#include "nodes/nats/connection.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {

class hand_server {
public:
  hand_server(); ///< starts it, with a token of its own; throws where that fails
  ~hand_server();
  hand_server(const hand_server&) = delete;
  hand_server& operator=(const hand_server&) = delete;

  void start();
  void kill(); ///< as by kill -9
  void halt() const;
  void go_on() const;
  void lose_store(); ///< while it is down
  [[nodiscard]] connection_options login() const;
  [[nodiscard]] std::uint16_t port() const { return port_; }

private:
  [[nodiscard]] bool comes_up();

  temp_dir home_;
  std::string token_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

} // namespace trainyard::testing
