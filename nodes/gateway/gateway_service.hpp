// A running gateway: HTTP on one side, a cluster's API and events on the other.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "messages/failure.hpp"
#include "nodes/client/api_client.hpp"
#include "nodes/gateway/gateway_plan.hpp"

namespace trainyard {

/// Made and destroyed by one thread. Serves from start() until it is destroyed or drained.
class gateway_service {
public:
  /// Listens first, and then asks `connect` for its client, so that a port that is taken is told at once.
  [[nodiscard]] static result<std::unique_ptr<gateway_service>>
  start(const gateway_plan& plan, const std::string& version,
        const std::function<result<api_client>()>& connect);
  ~gateway_service();
  gateway_service(const gateway_service&) = delete;
  gateway_service& operator=(const gateway_service&) = delete;

  /// "http://127.0.0.1:8000"
  [[nodiscard]] std::string url() const;
  /// No new connection; `done` runs once on the server's thread when all is answered, or after `patience`.
  void drain(std::chrono::milliseconds patience, std::function<void()> done);

private:
  struct state;
  explicit gateway_service(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

} // namespace trainyard
