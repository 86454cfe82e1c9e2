// Which batch to publish next: a bounded window over any number of batches, in memory of the window's size.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace trainyard {

struct window_limits {
  std::size_t max_in_flight = 64;   ///< batches handed out and not finished
  std::uint64_t max_spread = 4'096; ///< no batch >= first_open() + this is handed out
  std::chrono::steady_clock::duration retry_after =
      std::chrono::minutes(5); ///< without a result, publish again
};

struct dispatch {
  std::uint64_t batch = 0;
  std::uint32_t attempt = 1;
  bool operator==(const dispatch&) const = default;
};

/// Pure; time is passed in and must not go back. Not thread safe.
class dispatch_window {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit dispatch_window(window_limits limits);

  /// Batches [0, count) may be dispatched. A smaller count than before is ignored.
  void set_planned(std::uint64_t count);
  /// The batch to publish now, counted as in flight from now on. First those whose publish failed and whose
  /// pause is over, then new ones, lowest first. Nothing when the window is full, stopped or at its end.
  [[nodiscard]] std::optional<dispatch> next(time_point now);
  /// The publish of a batch in flight failed or its outcome is unknown: next() hands it out again after a
  /// pause (0.1 s, doubling to 5 s) with the same attempt, so that the server can drop a double.
  void published_failed(std::uint64_t batch, time_point now);
  /// The batch has its result. True the first time; false for a double or an unplanned batch. Batches never
  /// handed out by this window count too (results of an earlier owner's dispatch); whether such a one is a
  /// double of a batch that was done before this window began, only the ledger knows: ask it first.
  bool finish(std::uint64_t batch);
  /// The batch's recorded result was lost: it is dispatched again, as attempt `attempt`. False when it is not
  /// finished. May lower first_open().
  bool reopen(std::uint64_t batch, std::uint32_t attempt = 1);
  /// A batch in flight is to be handed out again at once, as attempt `attempt`. False when it is not in
  /// flight.
  bool repeat(std::uint64_t batch, std::uint32_t attempt);
  /// Batches in flight for retry_after without a result, to be published again now as the next attempt; each
  /// is then left alone for another retry_after, and from the second time on for twice as long as before.
  [[nodiscard]] std::vector<dispatch> overdue(time_point now);
  /// It was overdue twice: what stands in the queue for it may be in the hands of a worker that never ends
  /// it, or may never be delivered.
  [[nodiscard]] bool is_stuck(std::uint64_t batch) const;

  /// At most so many in flight from now on, at least one; those beyond it stay out and are not replaced.
  void set_max_in_flight(std::size_t most) { limits_.max_in_flight = most > 0 ? most : 1; }
  /// Nothing more is handed out, overdue ones included; results are still counted.
  void stop() { stopped_ = true; }
  /// Undoes stop().
  void resume() { stopped_ = false; }
  [[nodiscard]] bool is_stopped() const { return stopped_; }
  /// Every planned batch has been handed out, or is finished.
  [[nodiscard]] bool all_handed_out() const { return cursor_ == planned_ && waiting_ == 0; }

  /// Handed out and not finished.
  [[nodiscard]] std::vector<std::uint64_t> open_batches() const;
  /// Published and not finished. Those waiting to be published again are not counted.
  [[nodiscard]] std::size_t in_flight() const { return open_.size() - waiting_; }
  /// The lowest batch that is not finished; planned() when all are.
  [[nodiscard]] std::uint64_t first_open() const;
  [[nodiscard]] std::uint64_t planned() const { return planned_; }

private:
  struct open_batch {
    std::uint32_t attempt = 1;
    std::uint32_t failed_publishes = 0;
    bool waiting = false;      ///< to be published again at `due`
    time_point due;            ///< else: overdue then
    std::uint32_t overdue = 0; ///< times
  };

  [[nodiscard]] std::optional<dispatch> again(time_point now);
  void advance();

  window_limits limits_;
  std::uint64_t planned_ = 0;
  std::uint64_t first_open_ = 0;
  std::uint64_t cursor_ = 0;                 ///< the next batch never looked at
  std::map<std::uint64_t, open_batch> open_; ///< handed out, not finished: at most max_in_flight
  std::size_t waiting_ = 0;                  ///< of open_
  std::set<std::uint64_t> finished_;         ///< at or above first_open_
  bool stopped_ = false;
};

} // namespace trainyard
