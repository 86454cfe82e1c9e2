// What the main thread of a cluster's process waits for: a signal, the end of its work, the loss of its
// connection for good.
#pragma once

#include "messages/failure.hpp"
#include "nodes/event_queue.hpp"

namespace trainyard {

struct node_event {
  enum class what { signal, drained, failed, link_lost, link_back } kind;
  failure why{}; ///< of failed
};

using node_events = event_queue<node_event>;

} // namespace trainyard
