// What the main thread of `run` waits for: signals, progress, ends.
#pragma once

#include <variant>

#include "actors/coordinator/session_outcome.hpp"
#include "messages/failure.hpp"
#include "messages/wire.hpp"
#include "nodes/event_queue.hpp"

namespace trainyard {

struct signal_received {
  int number = 0;
};
struct worker_drained {};
struct worker_lost {
  failure why;
};
/// The session's actor ended without an outcome.
struct session_lost {
  failure why;
};
struct link_changed {
  bool connected = false;
};
using run_event = std::variant<signal_received, session_progress, session_outcome, session_lost,
                               worker_drained, worker_lost, link_changed>;

using run_events = event_queue<run_event>;

} // namespace trainyard
