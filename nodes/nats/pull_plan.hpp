// What to ask for next, and where: sweeps from the highest rank down, then rests. No NATS, no threads.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "nodes/nats/pull_ledger.hpp"

namespace trainyard {

/// A request for `deliveries` from `source`. `wait` zero: answer at once with what is there.
struct pull_request {
  std::uint64_t id = 0;
  std::size_t source = 0;
  std::size_t deliveries = 0;
  std::chrono::milliseconds wait{0};
  std::chrono::milliseconds heartbeat{0}; ///< zero: none
};

/// One source: the whole credit waits there. Several: all free credit is offered to one source after the
/// other, without waiting, from the highest rank down; an empty one is not asked again for 100 ms; where all
/// are empty the credit waits, shared out over them, for a second at most, so that a lower rank's wait holds
/// back a higher rank's work no longer than that.
class pull_plan {
public:
  using time = pull_ledger::time;
  pull_plan(std::chrono::milliseconds expires, std::chrono::milliseconds heartbeat)
      : expires_(expires), heartbeat_(heartbeat) {}

  /// Returns the new source's index.
  std::size_t add_source(int rank);
  void add_credit(std::size_t deliveries) { ledger_.add_credit(deliveries); }

  /// The requests to send now; each counts as sent.
  [[nodiscard]] std::vector<pull_request> next(time now);
  void not_sent(std::uint64_t id, time now);

  [[nodiscard]] bool take(std::size_t from, time now);
  /// A status message for request `id`. True: its consumer may be gone.
  [[nodiscard]] bool status(std::uint64_t id, int code, bool has_pending, std::size_t pending, time now);
  /// Sources that did not answer in time.
  [[nodiscard]] std::vector<std::size_t> expire(time now);
  void forget_requests();
  [[nodiscard]] const pull_ledger& ledger() const { return ledger_; }

private:
  struct source {
    int rank;
    time empty_until{};
    time hold_until{};
  };
  pull_request ask(std::size_t from, std::size_t deliveries, std::chrono::milliseconds wait, time now);
  [[nodiscard]] std::vector<pull_request> rest(time now);
  [[nodiscard]] std::chrono::milliseconds patience(const pull_request& request) const;

  std::chrono::milliseconds expires_;
  std::chrono::milliseconds heartbeat_;
  std::chrono::milliseconds rest_{250};
  pull_ledger ledger_;
  std::vector<source> sources_;
  std::vector<std::size_t> by_rank_;
  std::uint64_t next_id_ = 1;
  std::uint64_t sweep_ = 0; ///< the request that looks without waiting, one at a time
  std::size_t turn_ = 0;    ///< who gets the odd credit of the next rest
};

} // namespace trainyard
