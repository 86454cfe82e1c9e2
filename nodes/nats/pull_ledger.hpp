// The arithmetic of pulling: how much was asked for, how much of it is still to come. No NATS, no threads.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace trainyard {

/// Credit is what may still be delivered; what the open requests ask for is part of it. The server serves
/// open requests in turn and does not say which one a delivery belongs to, so single requests are guesses
/// here; their sum per source is right, and each request's end corrects the guesses.
class pull_ledger {
public:
  using time = std::chrono::steady_clock::time_point;

  void add_credit(std::size_t deliveries) { credit_ += deliveries; }
  [[nodiscard]] std::size_t credit() const { return credit_; }
  /// Credit that nothing was asked for yet.
  [[nodiscard]] std::size_t free() const;
  [[nodiscard]] std::size_t requested(std::size_t source) const;

  /// Notes a request for `deliveries`; ids grow.
  void open(std::uint64_t id, std::size_t source, std::size_t deliveries, time silent_until);
  /// One delivery came. False: there is no credit for it, it must be handed back.
  [[nodiscard]] bool take(std::size_t source);
  /// The request lives: it is silent at most until then.
  void heard(std::uint64_t id, time silent_until);

  struct ended {
    bool known = false;
    std::size_t source = 0;
    std::size_t asked = 0;
    std::size_t undelivered = 0;
  };
  /// The server ended a request that has `pending` left, or all of it.
  ended settle(std::uint64_t id, std::size_t pending);
  ended settle_all_of(std::uint64_t id);

  /// 0 for an unknown request.
  [[nodiscard]] std::size_t source_of(std::uint64_t id) const;
  /// Still something to come from this request, as far as we know.
  [[nodiscard]] bool is_open(std::uint64_t id) const;
  /// Drops requests that were silent for too long; returns the sources that owe something.
  std::vector<std::size_t> expire(time now);
  /// The server forgot them all.
  void forget_requests() { requests_.clear(); }

private:
  struct request {
    std::size_t source;
    std::size_t asked;
    std::size_t remaining;
    time silent_until;
  };
  void shift(std::size_t source, std::size_t count, bool add);

  std::size_t credit_ = 0;
  std::map<std::uint64_t, request> requests_; ///< oldest first
};

} // namespace trainyard
