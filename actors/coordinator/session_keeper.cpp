// Store, sync, then tell the caller to acknowledge; shards follow the ledger in listing order.
#include "actors/coordinator/session_keeper.hpp"

#include "actors/coordinator/output/result_check.hpp"
#include "actors/log.hpp"
#include "actors/stopwatch.hpp"
#include "messages/codec.hpp"

namespace trainyard {

namespace {
constexpr unsigned most_refusals = 3; ///< of one batch's results, before the session is given up
} // namespace

result<void> session_keeper::listed(std::uint64_t durable_items, bool complete) {
  if (auto seen = manifest_->refresh(); !seen)
    return seen;
  plan_.listed(std::min(durable_items, manifest_->size()), complete && manifest_->sealed());
  // What earlier runs finished is known to the window before it hands anything out.
  const auto planned_before = window_->planned();
  window_->set_planned(plan_.batches());
  for (auto batch = planned_before; batch < plan_.batches(); ++batch)
    if (batch < committed_batches_ || ledger_->is_done(batch))
      window_->finish(batch);
  return {};
}

result<std::vector<work_asset>> session_keeper::assets_of(std::uint64_t batch, batch_piece piece) {
  auto range = plan_.items_of(batch);
  if (!piece.is_whole())
    range = {range.first + piece.first, piece.count};
  auto items = manifest_->read(range.first, range.count);
  if (!items)
    return tl::unexpected(items.error());
  std::vector<work_asset> assets;
  assets.reserve(items->size());
  for (auto& item : *items)
    assets.push_back({std::move(item.path), item.bytes, item.mtime_ns});
  return assets;
}

result<std::optional<work_batch>> session_keeper::next_work(time_point now) {
  const auto next = next_order(now);
  if (!next)
    return std::nullopt;
  auto assets = assets_of(next->batch, next->piece);
  if (!assets) {
    publish_failed(next->batch, next->piece, now);
    return tl::unexpected(assets.error());
  }
  pace_.begin(now);
  work_batch work;
  work.session = config_.session_id;
  work.batch = next->batch;
  work.directory = config_.directory_in_root;
  work.remote = config_.remote;
  work.gpu_batch_size = config_.gpu_batch_size;
  work.attempt = next->attempt;
  work.model = config_.model;
  work.space_id = config_.space_id;
  work.root = config_.root;
  work.dtype = config_.dtype;
  work.piece = next->piece;
  work.suspected = pieces_.is_suspected(next->batch);
  work.assets = std::move(*assets);
  return work;
}

result<std::optional<batch_result>> session_keeper::acceptable(const std::vector<std::byte>& payload) {
  auto done = decode<batch_result>(payload);
  std::string refusal;
  bool retry = false;
  if (!done)
    refusal = done.error().cause;
  else if (done->schema != wire_schema || done->session != config_.session_id)
    refusal = "it belongs to session '" + done->session + "'";
  else if (done->batch >= plan_.batches())
    refusal = "batch " + std::to_string(done->batch) + " is not planned";
  else if (const auto images = plan_.items_of(done->batch).count;
           std::uint64_t{done->piece.first} + done->piece.count > images)
    refusal = "its piece ends at image " +
              std::to_string(std::uint64_t{done->piece.first} + done->piece.count) + " of " +
              std::to_string(images);
  else if (done->kind > static_cast<std::uint32_t>(result_kind::gave_up))
    refusal = "its kind " + std::to_string(done->kind) + " is unknown";
  else if (done->kind != static_cast<std::uint32_t>(result_kind::outcome))
    return std::move(*done); // no outcome: nothing more to check
  else if (auto assets = assets_of(done->batch, done->piece); !assets)
    return tl::unexpected(assets.error());
  else if (auto good = check_result(spec_of(config_), *assets, *done); !good) {
    refusal = good.error().cause;
    retry = !ledger_->is_done(done->batch);
  }
  if (refusal.empty())
    return std::move(*done);
  refused_.push_back(retry ? refused_result{done->batch, done->piece, refusal, true}
                           : refused_result{0, {}, refusal, false});
  return std::nullopt;
}

/// Once all else is on disk: a store() that failed is repeated with the same results, each of which counts
/// once.
result<void> session_keeper::answer_refused() {
  for (const auto& each : refused_) {
    log(log_level::error, "coordinator", "dropped a result for " + config_.session_id + ": " + each.why);
    if (!each.again)
      continue;
    if (++refusals_[each.batch] >= most_refusals)
      return fail(failure_kind::message_invalid,
                  "batch " + std::to_string(each.batch) + " got " + std::to_string(most_refusals) +
                      " results that cannot be used: " + each.why,
                  "check that every worker runs this version of trainyard");
    publish_again(each.batch, each.piece);
  }
  return {};
}

result<void> session_keeper::store(std::span<const std::vector<std::byte>* const> payloads, time_point now) {
  const stopwatch writing(write_seconds_);
  stored_batches stored;
  refused_.clear();
  for (const auto* payload : payloads) {
    auto accepted = acceptable(*payload);
    if (!accepted)
      return tl::unexpected(accepted.error());
    if (*accepted)
      if (auto recorded = record(std::move(**accepted), *payload, now, stored); !recorded)
        return recorded;
  }
  pieces_.condemn(now);
  for (const auto batch : pieces_.ready(now))
    if (auto recorded = record_complete(batch, stored); !recorded)
      return recorded;
  if (auto synced = ledger_->sync(); !synced)
    return synced;
  pace_.add(stored.size(), now);
  for (const auto& [batch, outcomes] : stored) {
    for (const auto& piece : pieces_.forget(batch))
      withdrawn_.push_back({batch, 1, piece, {}});
    if (!window_->finish(batch))
      continue;
    refusals_.erase(batch);
    if (batch >= committed_batches_)
      unwritten_[batch] = counts_of(outcomes);
    for (const auto& each : outcomes)
      figures_.add(each);
  }
  return answer_refused();
}

result<void> session_keeper::write_out() {
  const stopwatch writing(write_seconds_);
  for (;;) {
    if (auto ready = open_output(); !ready)
      return ready;
    const auto more = write_next();
    if (!more) {
      output_.reset(); // of no more use; the next call opens the folder anew and repairs it
      return tl::unexpected(more.error());
    }
    if (!*more)
      return sweep_is_due() ? sweep() : result<void>();
  }
}

result<bool> session_keeper::write_next() {
  const auto batch = output_->next_emit();
  if (batch >= plan_.batches() || !ledger_->is_done(batch))
    return false;
  const auto payload = ledger_->read(batch);
  if (!payload && payload.error().kind == failure_kind::output_corrupt)
    return do_again(batch);
  if (!payload)
    return tl::unexpected(payload.error());
  const auto done = decode<batch_result>(*payload);
  const auto assets = assets_of(batch);
  if (!assets)
    return tl::unexpected(assets.error());
  if (!done)
    return do_again(batch);
  auto written = output_->emit(batch, *assets, *done);
  if (!written && written.error().kind == failure_kind::message_invalid)
    return do_again(batch);
  if (!written)
    return tl::unexpected(written.error());
  note_committed();
  if (committed_batches_ > ledger_->floor())
    if (auto dropped = ledger_->drop_below(committed_batches_); !dropped)
      return tl::unexpected(dropped.error());
  return true;
}

result<bool> session_keeper::do_again(std::uint64_t batch) {
  log(log_level::error, "coordinator",
      "the record of batch " + std::to_string(batch) + " is damaged; it is done again");
  unwritten_.erase(batch);
  window_->reopen(batch, ++redo_attempt_); // first: a tombstone that is lost costs another repetition only
  if (auto forgotten = ledger_->forget(batch); !forgotten)
    return tl::unexpected(forgotten.error());
  return false;
}

result<void> session_keeper::finish() {
  const stopwatch writing(write_seconds_);
  auto finished = output_->finish({"completed", note_ ? note_->live_items : plan_.items(), 0});
  if (finished)
    note_committed();
  else
    output_.reset();
  return finished;
}

keeper_counts session_keeper::counts() const {
  const auto superseded = superseded_in_output();
  keeper_counts counts{note_ ? note_->live_items : plan_.items(), plan_.sealed(),
                       committed_.embedded - superseded.embedded, committed_.failed - superseded.failed,
                       done_before_};
  for (const auto& [batch, some] : unwritten_) {
    counts.embedded += some.embedded;
    counts.failed += some.failed;
  }
  return counts;
}

} // namespace trainyard
