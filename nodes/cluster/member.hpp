// What worker and coordinator do alike: connect, say who they are, log, and hear of signals.
#pragma once

#include <memory>
#include <string>

#include "config/settings.hpp"
#include "messages/failure.hpp"
#include "messages/subjects.hpp"
#include "nodes/nats/connection.hpp"
#include "nodes/nats/link_options.hpp"
#include "nodes/nats/service_discovery.hpp"
#include "nodes/node_events.hpp"

namespace trainyard {

/// One process of a cluster, connected. Declared before everything that uses the connection.
struct cluster_member {
  std::string node; ///< its name, a token
  subjects names;
  std::shared_ptr<connection> link;
  nats_link_options options; ///< for its ends of JetStream
};

/// Blocks until the server answers; its later absences are waited for. A login that is withdrawn ends the
/// process through `events`.
[[nodiscard]] result<cluster_member> join_cluster(const settings& from, const std::string& role,
                                                  node_events& events);
/// `nats micro ls` finds it from now on.
[[nodiscard]] result<std::unique_ptr<service_discovery>> announce(const cluster_member& member,
                                                                  const std::string& role,
                                                                  const std::string& description,
                                                                  std::vector<service_endpoint> endpoints);

} // namespace trainyard
