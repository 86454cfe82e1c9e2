// What actors need of the message system, and nothing of NATS: nodes/nats implements it, tests fake it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "messages/failure.hpp"
#include "messages/wire.hpp"

namespace trainyard {

/// One message handed to us that must be acknowledged. Delivered at least once, possibly again after a crash.
struct delivery {
  std::string ack_subject; ///< opaque; give it back to acknowledge, extend or refuse
  std::string subject;
  std::uint64_t delivered = 1; ///< how often the server has handed it out, this time included
  std::vector<std::byte> payload;
};

enum class publish_outcome {
  stored,         ///< the server has it on disk
  already_queued, ///< the same work stands in the queue: as good as stored
  full,           ///< stream or store is full: try again later
  unknown,        ///< no answer in time; it may or may not be stored, so publish again
  refused,        ///< it can never be stored: larger than the server takes
};

using delivery_sink = std::function<void(delivery)>;
using publish_done = std::function<void(publish_outcome)>;
using ack_done = std::function<void(bool confirmed)>;

/// Where one batch of work goes.
struct work_address {
  std::string pool; ///< as_token(model + "_" + precision class)
  int priority = 1;
  std::string session;
  std::uint64_t batch = 0;
  std::uint64_t epoch = 1; ///< of the owning coordinator: part of the message id
  std::uint32_t attempt = 1;
  batch_piece piece = {};
  bool replaces = false; ///< what stands in the queue under the same name is taken out first
};

/// The coordinator's side. Every function may be called from any thread and returns at once unless it says
/// that it blocks; callbacks run on foreign threads, exactly once (deliveries: once each), and may only tell
/// an actor.
class coordinator_link {
public:
  virtual ~coordinator_link() = default;
  virtual void publish_work(const work_address& to, std::vector<std::byte> payload, publish_done done) = 0;
  /// Takes it out of the queue, wherever it stands; a worker that has it in hand goes on. May be lost.
  virtual void withdraw_work(const work_address& what) = 0;
  /// Blocks for a few round trips: makes the session's results consumer for `epoch` (deleting those of older
  /// epochs) and keeps up to `credit` unacknowledged deliveries coming.
  virtual result<void> open_results(const std::string& session, std::uint64_t epoch, std::size_t credit,
                                    delivery_sink sink) = 0;
  /// Acknowledges one delivery, freeing its credit. Lost acks cost a redelivery only.
  virtual void ack_result(const std::string& ack_subject) = 0;
  /// Blocks: no delivery reaches the sink after it returns.
  virtual void close_results(const std::string& session) = 0;
  /// Blocks: a session that is over leaves nothing in the queues, neither its consumers nor work that nobody
  /// has taken.
  virtual result<void> forget_session(const std::string& session) = 0;
  /// Core publish, may be lost.
  virtual void publish_event(const std::string& subject, std::vector<std::byte> payload) = 0;
};

/// The worker's side; threads and callbacks as above.
class worker_link {
public:
  virtual ~worker_link() = default;
  /// Blocks for a few round trips: starts pulling from the pool's queues, highest priority first. Nothing is
  /// delivered before add_credit. May be called again for another pool.
  virtual result<void> open_work(const std::string& pool, delivery_sink sink) = 0;
  /// The worker can take `batches` more. Each delivery uses one up.
  virtual void add_credit(std::size_t batches) = 0;
  /// Blocks: no delivery reaches the sink after it returns.
  virtual void close_work() = 0;
  /// `execution` tells one computation of this worker from another: the same again is a repeat that the
  /// server may drop, another one never, as the first one's result may have been lost since.
  virtual void publish_result(const std::string& session, std::uint64_t batch, std::uint64_t execution,
                              std::vector<std::byte> payload, publish_done done) = 0;
  /// Confirmed acknowledgement; call it only after publish_result said stored.
  virtual void ack_work(const std::string& ack_subject, ack_done done) = 0;
  virtual void still_working(const std::string& ack_subject) = 0;
  /// Hands the batch back for another worker, not before `delay`.
  virtual void hand_back(const std::string& ack_subject, std::chrono::milliseconds delay) = 0;
  virtual void publish_event(const std::string& subject, std::vector<std::byte> payload) = 0;
};

} // namespace trainyard
