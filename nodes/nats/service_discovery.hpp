// Answers $SRV.PING, $SRV.INFO and $SRV.STATS (ADR-32), so that `nats micro ls` finds every role.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "nodes/nats/connection.hpp"

namespace trainyard {

struct service_endpoint {
  std::string name; ///< a token
  std::string subject;
  std::string queue_group = "q"; ///< ADR-32's own name where there is none
};

struct endpoint_counts {
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::string last_error;
  std::chrono::nanoseconds busy{0}; ///< of all requests together
};

struct service_description {
  std::string name;    ///< a token: "trainyard-coordinator"
  std::string version; ///< a semantic one
  std::string description;
  std::vector<service_endpoint> endpoints;
  std::map<std::string, std::string> metadata;
  /// Of one endpoint, asked for by its name on a foreign thread; empty: all zero.
  std::function<endpoint_counts(const std::string& endpoint)> counts;
};

/// Answers from the moment it is open until it goes. It describes the endpoints; whoever serves them
/// subscribes to them.
class service_discovery {
public:
  /// message_invalid where the name or an endpoint's is no token.
  [[nodiscard]] static result<std::unique_ptr<service_discovery>> open(std::shared_ptr<connection> link,
                                                                       service_description what);
  ~service_discovery(); ///< blocks while it answers
  service_discovery(const service_discovery&) = delete;
  service_discovery& operator=(const service_discovery&) = delete;

  [[nodiscard]] const std::string& id() const; ///< of this one among all of the name

private:
  struct state;
  explicit service_discovery(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

} // namespace trainyard
