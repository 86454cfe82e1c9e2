// A whole fleet in one process: private nats-server, one coordinator, one worker, on the same code path as a
// cluster.
#pragma once

#include <functional>
#include <memory>

#include "nodes/nats/connection.hpp"
#include "nodes/nats/nats_coordinator_link.hpp"
#include "nodes/nats/nats_worker_link.hpp"
#include "nodes/nats/private_server.hpp"
#include "nodes/run/run_events.hpp"
#include "nodes/run/run_plan.hpp"
#include "nodes/worker/worker_node.hpp"

namespace trainyard {

/// Made and destroyed by the main thread. Events arrive in `events`, which outlives it.
class embedded_fleet {
public:
  [[nodiscard]] static result<std::unique_ptr<embedded_fleet>>
  start(const private_server& server, const run_plan& plan, const settings& from, run_events& events);
  ~embedded_fleet();
  embedded_fleet(const embedded_fleet&) = delete;
  embedded_fleet& operator=(const embedded_fleet&) = delete;

  /// No new work: the worker finishes what its devices have begun, the session keeps what comes of it.
  void drain();
  /// The session ends after `grace`, with what it has by then.
  void end_session(std::chrono::milliseconds grace) { tell(session_, interrupt_session{grace}); }

private:
  embedded_fleet();
  [[nodiscard]] result<void> connect(const private_server& server, run_events& events);
  [[nodiscard]] result<void> start_worker(const run_plan& plan, run_events& events);
  void start_session(const run_plan& plan, const settings& from, run_events& events);

  std::shared_ptr<connection> coordinator_connection_;
  std::shared_ptr<connection> worker_connection_;
  std::unique_ptr<nats_coordinator_link> coordinator_link_;
  std::unique_ptr<nats_worker_link> worker_link_;
  std::unique_ptr<caf::actor_system_config> actors_config_;
  std::unique_ptr<caf::actor_system> actors_;
  std::unique_ptr<worker_node> worker_;
  actor session_;
};

} // namespace trainyard
