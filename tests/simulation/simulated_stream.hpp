// One JetStream work-queue stream with its consumers, as nats-server keeps its promises and breaks ours.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "actors/links.hpp"
#include "tests/simulation/random_source.hpp"
#include "tests/simulation/timeline.hpp"

namespace trainyard::simulation {

using content = std::shared_ptr<const std::vector<std::byte>>;

struct stream_delivery {
  std::uint64_t sequence = 0;
  std::uint64_t delivered = 1;
  std::string subject;
  content payload;
};

/// research: an acknowledgement removes the message, whoever sent it; a message id within the window is
/// taken as done; what is not acknowledged in time comes again; a killed server forgets recent
/// acknowledgements. A value: copy it to roll the store back.
class simulated_stream {
public:
  struct rules {
    bool one_per_subject = false;
    duration duplicate_window = std::chrono::seconds(120);
    duration ack_wait = std::chrono::seconds(30);
  };
  explicit simulated_stream(rules with) : rules_(with) {}

  publish_outcome publish(const std::string& subject, const std::string& id, content payload, time_point now);
  /// Idempotent; a new one sees everything that is stored.
  void make_consumer(const std::string& name) { consumers_.try_emplace(name); }
  void delete_consumer(const std::string& name) { consumers_.erase(name); }
  [[nodiscard]] bool has_consumer(const std::string& name) const { return consumers_.contains(name); }
  [[nodiscard]] std::vector<std::string> consumers() const;

  [[nodiscard]] std::optional<stream_delivery> next(const std::string& consumer, time_point now);
  /// Deliveries whose time is over come again.
  void expire(time_point now);
  /// False: no such consumer, and the message stays.
  bool acknowledge(const std::string& consumer, std::uint64_t sequence, time_point now);
  void extend(const std::string& consumer, std::uint64_t sequence, time_point now);
  void refuse(const std::string& consumer, std::uint64_t sequence, time_point ready);
  /// What stands there of that subject, in whoever's hand it is.
  void withdraw(const std::string& subject, time_point now);
  void remove_all();
  /// kill -9 and restart: some of what was acknowledged lately is back, to be delivered again or as an orphan
  /// that nobody gets; of message ids only those of stored messages are known.
  void restart(random_source& random, time_point now);

  [[nodiscard]] std::size_t size() const { return messages_.size(); }
  [[nodiscard]] std::string description() const;

private:
  struct message {
    std::string subject;
    std::string id;
    content payload;
  };
  struct consumer {
    std::uint64_t position = 0;                    ///< everything up to it was delivered once
    std::map<std::uint64_t, time_point> pending;   ///< sequence -> when it comes again
    std::map<std::uint64_t, time_point> again;     ///< sequence -> when it may be delivered
    std::map<std::uint64_t, std::uint64_t> counts; ///< how often delivered
  };
  struct removal {
    time_point when;
    std::uint64_t sequence;
    message what;
  };
  void remove(std::uint64_t sequence);

  rules rules_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, message> messages_;
  std::unordered_map<std::string, std::uint64_t> by_subject_; ///< where there is one per subject
  std::unordered_map<std::string, time_point> ids_;
  std::deque<std::pair<time_point, std::string>> ids_by_age_;
  std::map<std::string, consumer> consumers_;
  std::deque<removal> removed_; ///< of the last seconds
};

} // namespace trainyard::simulation
