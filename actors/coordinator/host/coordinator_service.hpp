// What comes in to a coordinator from outside: jobs, requests, events. nodes/nats implements it, tests fake
// it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "actors/links.hpp"

namespace trainyard {

/// One request of a client; every one is answered once.
struct api_request {
  std::string verb;     ///< submit, list, status, ...: whatever stands in the subject
  std::string session;  ///< empty where the subject names none
  std::string reply_to; ///< opaque
  std::vector<std::byte> payload;
};

/// They run on foreign threads and may only tell an actor.
struct service_sinks {
  delivery_sink on_job; ///< subject trainyard.jobs.ID; acknowledge it once the registry has it
  std::function<void(api_request)> on_request;
  std::function<void(std::vector<std::byte>)> on_session_event; ///< a session_progress of any coordinator
  std::function<void(std::vector<std::byte>)> on_node_event;    ///< a node_heartbeat
};

class coordinator_service {
public:
  virtual ~coordinator_service() = default;
  /// Blocks for a few round trips; makes the jobs stream and its consumer where they are missing.
  virtual result<void> open(service_sinks sinks) = 0;
  virtual void reply(const std::string& reply_to, std::vector<std::byte> payload) = 0;
  virtual void ack_job(const std::string& ack_subject) = 0;
  /// It is delivered again in a moment, to any coordinator. Every job delivered is acknowledged or retried.
  virtual void retry_job(const std::string& ack_subject) = 0;
  /// Blocks: no sink runs after it. Jobs that were not acknowledged come again, to any coordinator.
  virtual void close() = 0;
};

} // namespace trainyard
