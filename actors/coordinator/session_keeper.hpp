// One session's truth on disk: manifest, ledger and output folder moved forward together, in the only safe
// order.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "actors/coordinator/device_figures.hpp"
#include "actors/coordinator/directory_update.hpp"
#include "actors/coordinator/generation_sweep.hpp"
#include "actors/coordinator/ledger.hpp"
#include "actors/coordinator/manifest.hpp"
#include "actors/coordinator/output/output_folder.hpp"
#include "actors/coordinator/piecewise_batches.hpp"
#include "actors/coordinator/result_pace.hpp"
#include "actors/coordinator/session_config.hpp"
#include "actors/coordinator/session_plan.hpp"

namespace trainyard {

/// What is to be published: a batch, or a piece of one.
struct work_order {
  std::uint64_t batch = 0;
  std::uint32_t attempt = 1;
  batch_piece piece;
  std::chrono::steady_clock::time_point due = std::chrono::steady_clock::time_point::min(); ///< not before
};

struct keeper_counts {
  std::uint64_t total = 0;
  bool total_is_final = false;
  std::uint64_t embedded = 0;
  std::uint64_t failed = 0;
  std::uint64_t done_before = 0; ///< images that earlier runs had finished
};

[[nodiscard]] inline output_counts counts_of(const batch_result& done) {
  return {done.embedded.size(), done.failed.size()};
}

/// Of the pieces of one batch.
[[nodiscard]] inline output_counts counts_of(std::span<const batch_result> pieces) {
  output_counts sum;
  for (const auto& each : pieces) {
    sum.embedded += each.embedded.size();
    sum.failed += each.failed.size();
  }
  return sum;
}

[[nodiscard]] output_spec spec_of(const session_config& config);

/// Owned by one thread; every call may block on the disk. Knows no queue: the caller publishes what
/// next_work() gives and acknowledges only what store() has accepted.
class session_keeper {
public:
  using time_point = dispatch_window::time_point;

  /// Opens or resumes config.out; an existing folder keeps the session id it was made with.
  [[nodiscard]] static result<session_keeper> open(session_config config);
  /// For the lister, which alone uses it from then on.
  [[nodiscard]] std::shared_ptr<manifest_writer> take_listing() { return std::move(listing_); }

  /// The listing has `durable_items` that survive a crash by now.
  [[nodiscard]] result<void> listed(std::uint64_t durable_items, bool complete);
  /// The batch to publish now, if any.
  [[nodiscard]] result<std::optional<work_batch>> next_work(time_point now);
  void publish_failed(std::uint64_t batch, batch_piece piece, time_point now);
  /// Near the end, when nothing is left to hand out and what is out is slow to come: gives it out once more,
  /// in pieces, to whoever is idle. May be called at any time.
  void share_out_last(time_point now);
  /// The same, as a worker is idle now: without waiting until results are slow to come, unless work has only
  /// just gone out, which may be on its way to that worker.
  void offer_last(time_point now);
  /// Work that must leave the queue: workers do not survive it, or it is done. Each is told once.
  [[nodiscard]] std::vector<work_order> take_withdrawn() { return std::exchange(withdrawn_, {}); }
  /// Batches whose result is overdue are published again by next_work(), as a new attempt.
  void retry_overdue(time_point now);
  /// Its work did not get on: what stands in the queue for it is to be taken out when it is published again.
  [[nodiscard]] bool is_stuck(std::uint64_t batch) const { return window_->is_stuck(batch); }

  /// Records the results durably; when it returns well, each may be acknowledged, also those that were not
  /// wanted (doubles, strangers, malformed ones, which are logged and whose batch stays open). On failure
  /// none may be, and the same are to be given again.
  [[nodiscard]] result<void> store(std::span<const std::vector<std::byte>* const> payloads, time_point now);
  /// store() has something to record, be it called with nothing: an image has had its last chance.
  [[nodiscard]] bool has_news(time_point now) const { return !pieces_.ready(now).empty(); }
  /// Moves what is done, in listing order, into shards, and once all is takes a shard's superseded rows out.
  /// Safe to repeat after a failure of the disk.
  [[nodiscard]] result<void> write_out();
  /// The next write_out() has superseded rows to take out.
  [[nodiscard]] bool sweep_is_due() const;
  /// Every image of a complete listing stands in a shard or in failures.jsonl, and nothing else does.
  [[nodiscard]] bool all_written() const;
  /// Of no effect when it is finished.
  [[nodiscard]] result<void> finish();

  /// What the lister needs to compare the directory with a finished output. Nothing may be written until
  /// take_up().
  [[nodiscard]] std::shared_ptr<const update_order> update_order_now() const;
  /// The directory was compared: goes on with the generation that was sealed, where there is a difference.
  /// Returns what to report.
  [[nodiscard]] result<changes_report> take_up(const changes_report& found);

  void stop_dispatching() { window_->stop(); }
  void resume_dispatching() { window_->resume(); }
  void set_max_in_flight(std::size_t batches) { window_->set_max_in_flight(batches); }
  [[nodiscard]] std::size_t in_flight() const { return window_->in_flight(); }
  [[nodiscard]] keeper_counts counts() const;
  [[nodiscard]] const device_figures& figures() const { return figures_; }
  [[nodiscard]] double write_seconds() const { return write_seconds_; }
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  [[nodiscard]] const session_config& config() const { return config_; }

private:
  /// Batches that a call of store() has put into the ledger, or found there.
  using stored_batches = std::map<std::uint64_t, std::vector<batch_result>>;

  /// A result that cannot be used.
  struct refused_result {
    std::uint64_t batch = 0;
    batch_piece piece;
    std::string why;
    bool again = false; ///< the batch is to be done again
  };

  explicit session_keeper(session_config config) : config_(std::move(config)), plan_(config_.batch_size) {}
  /// Nothing to do while it is open; after a failure of the disk it repairs what that left behind.
  [[nodiscard]] result<void> open_output();
  void note_committed();
  [[nodiscard]] result<void> take_up_ledger();
  [[nodiscard]] result<void> take_up_generations();
  [[nodiscard]] result<void> check_batches() const;
  [[nodiscard]] result<void> sweep();
  [[nodiscard]] bool all_emitted() const;
  [[nodiscard]] output_counts superseded_in_output() const;
  [[nodiscard]] result<std::vector<work_asset>> assets_of(std::uint64_t batch, batch_piece piece = {});
  [[nodiscard]] result<std::optional<batch_result>> acceptable(const std::vector<std::byte>& payload);
  [[nodiscard]] result<void> record(batch_result done, std::span<const std::byte> payload, time_point now,
                                    stored_batches& into);
  [[nodiscard]] result<void> record_complete(std::uint64_t batch, stored_batches& into);
  void heard(const batch_result& said, time_point now);
  [[nodiscard]] result<void> answer_refused();
  void follow(std::uint64_t batch, const piece_orders& orders);
  void share_out_open();
  void publish_again(std::uint64_t batch, batch_piece piece, time_point due = time_point::min());
  [[nodiscard]] std::optional<work_order> next_order(time_point now);
  [[nodiscard]] result<bool> write_next();
  [[nodiscard]] result<bool> do_again(std::uint64_t batch);

  session_config config_;
  session_plan plan_;
  std::uint64_t epoch_ = 1;
  std::optional<output_folder> output_; ///< none after a failure of the disk, until open_output()
  output_counts committed_;             ///< as of the last time that it was open
  std::uint64_t committed_batches_ = 0;
  sweep_progress swept_; ///< likewise
  std::optional<ledger> ledger_;
  std::shared_ptr<manifest_writer> listing_;
  std::optional<manifest_reader> manifest_;
  std::optional<dispatch_window> window_;
  std::vector<work_order> again_; ///< overdue ones, those whose result was refused, and pieces
  std::vector<work_order> withdrawn_;
  piecewise_batches pieces_;
  result_pace pace_;
  std::map<std::uint64_t, unsigned> refusals_;
  std::vector<refused_result> refused_; ///< by the call of store() that runs
  std::uint32_t redo_attempt_ = 1'000; ///< beyond any attempt of the window: a message id is never used twice
  std::map<std::uint64_t, output_counts>
      unwritten_;                       ///< of batches in the ledger that no committed shard holds
  std::optional<generation_note> note_; ///< of the newest generation; none of the first
  std::optional<generation_sweep> sweep_;
  bool resumed_update_ = false; ///< the newest generation was begun by an earlier run, and not ended
  device_figures figures_;
  std::uint64_t done_before_ = 0;
  double write_seconds_ = 0;
};

} // namespace trainyard
