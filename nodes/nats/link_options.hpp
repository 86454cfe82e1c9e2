// What both ends of JetStream are told.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "messages/subjects.hpp"
#include "nodes/nats/connection.hpp"
#include "nodes/nats/streams.hpp"

namespace trainyard {

struct nats_link_options {
  subjects names = subjects();
  stream_options streams;
  /// False for a login that may only pull and publish: a coordinator of another then makes the streams, and
  /// the consumers of every pool that it sends work to.
  bool may_administer = true;
  std::chrono::milliseconds publish_timeout{5'000};
  std::chrono::milliseconds ack_timeout{5'000};
  std::chrono::milliseconds pull_expires{2'500};
  /// What an operator should see though the link goes on: a payload above the server's limit, a lost
  /// consumer, a takeover. Runs on foreign threads; may be empty.
  std::function<void(const failure&)> on_trouble;
  /// Each event that is published, before it is sent: for this process's own metrics. Runs on the thread that
  /// publishes, and must not block; may be empty.
  std::function<void(const std::vector<std::byte>&)> on_event;
};

} // namespace trainyard
