// /metrics, /livez and /readyz of a worker or coordinator, from the events that it sends itself.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "messages/failure.hpp"
#include "nodes/http/http_server.hpp"

namespace trainyard {

struct role_facts {
  std::string role; ///< "worker", "coordinator"
  std::string version;
  std::function<bool()> connected; ///< to NATS; any thread
};

/// Made and destroyed by the main thread.
class role_metrics {
public:
  /// Nothing where metrics.listen is not set. config_invalid or gateway_unavailable where it cannot be had.
  [[nodiscard]] static result<std::unique_ptr<role_metrics>> open(const settings& from, role_facts facts);
  ~role_metrics();
  role_metrics(const role_metrics&) = delete;
  role_metrics& operator=(const role_metrics&) = delete;

  /// An event that this process publishes: a heartbeat or a session's progress. Any thread.
  void saw(const std::vector<std::byte>& event);
  [[nodiscard]] const listen_address& where() const;

private:
  struct state;
  explicit role_metrics(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

} // namespace trainyard
