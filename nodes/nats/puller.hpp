// Pulls from JetStream consumers under a credit: what is in hand plus what is asked for never exceeds it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "actors/links.hpp"
#include "nodes/nats/inbox.hpp"

namespace trainyard {

/// One consumer to pull from.
struct pull_source {
  std::string stream;
  std::string consumer;
  int rank = 0; ///< higher ones are asked first
  delivery_sink sink;
};

struct puller_options {
  std::chrono::milliseconds expires{2'500}; ///< of one request; doubles as the longest wait of a lower rank
  std::chrono::milliseconds heartbeat{1'000};
  /// A request that got no answer, or "consumer deleted": the consumer may be gone. Called with the source's
  /// consumer on a foreign thread, at most every two seconds per source.
  std::function<void(const std::string& stream, const std::string& consumer)> on_lost;
};

/// Thread safe. One source: the whole credit waits there. Several: free credit sweeps them from the highest
/// rank down without waiting, and rests, shared out, where all are empty.
class puller {
public:
  [[nodiscard]] static result<std::unique_ptr<puller>> open(std::shared_ptr<inbox> box,
                                                            puller_options options);
  ~puller(); ///< close()
  puller(const puller&) = delete;
  puller& operator=(const puller&) = delete;

  void add_source(pull_source source);
  /// Each delivery uses one up.
  void add_credit(std::size_t deliveries);
  /// Blocks: no sink runs after it. What arrives later is handed back to the server. Not from within a sink.
  void close();

private:
  struct state;
  explicit puller(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

} // namespace trainyard
