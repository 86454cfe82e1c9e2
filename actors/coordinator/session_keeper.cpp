// Store, sync, then tell the caller to acknowledge; shards follow the ledger in listing order.
#include "actors/coordinator/session_keeper.hpp"

#include "actors/coordinator/output/result_check.hpp"
#include "actors/log.hpp"
#include "actors/stopwatch.hpp"
#include "messages/codec.hpp"

namespace trainyard {

result<void> session_keeper::listed(std::uint64_t durable_items, bool complete) {
  if (auto seen = manifest_->refresh(); !seen)
    return seen;
  plan_.listed(std::min(durable_items, manifest_->size()), complete && manifest_->sealed());
  // What earlier runs finished is known to the window before it hands anything out.
  const auto planned_before = window_->planned();
  window_->set_planned(plan_.batches());
  for (auto batch = planned_before; batch < plan_.batches(); ++batch)
    if (batch < output_->next_batch() || ledger_->is_done(batch))
      window_->finish(batch);
  return {};
}

result<std::vector<work_asset>> session_keeper::assets_of(std::uint64_t batch) {
  const auto range = plan_.items_of(batch);
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
  auto next = again_.empty() ? window_->next(now) : std::optional(again_.back());
  if (!again_.empty())
    again_.pop_back();
  if (!next)
    return std::nullopt;
  auto assets = assets_of(next->batch);
  if (!assets) {
    window_->published_failed(next->batch, now);
    return tl::unexpected(assets.error());
  }
  work_batch work;
  work.session = config_.session_id;
  work.batch = next->batch;
  work.attempt = next->attempt;
  work.model = config_.model;
  work.space_id = config_.space_id;
  work.root = config_.root;
  work.dtype = config_.dtype;
  work.assets = std::move(*assets);
  return work;
}

void session_keeper::retry_overdue(time_point now) {
  for (const auto& late : window_->overdue(now)) {
    log(log_level::warn, "coordinator",
        "batch " + std::to_string(late.batch) + " of " + config_.session_id + " has no result yet; attempt " +
            std::to_string(late.attempt));
    again_.push_back(late);
  }
}

std::optional<batch_result> session_keeper::acceptable(const std::vector<std::byte>& payload) {
  auto done = decode<batch_result>(payload);
  std::string refusal;
  if (!done)
    refusal = done.error().cause;
  else if (done->schema != wire_schema || done->session != config_.session_id)
    refusal = "it belongs to session '" + done->session + "'";
  else if (done->batch >= plan_.batches())
    refusal = "batch " + std::to_string(done->batch) + " is not planned";
  else if (auto assets = assets_of(done->batch); !assets)
    refusal = assets.error().cause;
  else if (auto good = check_result(output_->spec(), *assets, *done); !good)
    refusal = good.error().cause;
  if (refusal.empty())
    return std::move(*done);
  log(log_level::error, "coordinator", "dropped a result for " + config_.session_id + ": " + refusal);
  return std::nullopt;
}

result<void> session_keeper::store(std::span<const std::vector<std::byte>* const> payloads) {
  const stopwatch writing(write_seconds_);
  std::map<std::uint64_t, batch_result> stored;
  for (const auto* payload : payloads) {
    auto done = acceptable(*payload);
    if (!done)
      continue;
    const auto batch = done->batch;
    if (!ledger_->is_done(batch)) // else a double, which has no effect
      if (auto appended = ledger_->append(batch, *payload); !appended)
        return appended;
    stored.emplace(batch, std::move(*done));
  }
  if (auto synced = ledger_->sync(); !synced)
    return synced;
  for (const auto& [batch, done] : stored) {
    if (!window_->finish(batch))
      continue;
    unwritten_[batch] = counts_of(done);
    figures_.add(done);
  }
  return {};
}

result<void> session_keeper::write_out() {
  const stopwatch writing(write_seconds_);
  for (;;) {
    auto more = write_next();
    if (more && !*more)
      return {};
    if (more)
      continue;
    if (const auto again = reopen_output(); !again)
      return again;
    return tl::unexpected(more.error());
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
  if (output_->next_batch() <= ledger_->floor())
    return true;
  unwritten_.erase(unwritten_.begin(), unwritten_.lower_bound(output_->next_batch()));
  if (auto dropped = ledger_->drop_below(output_->next_batch()); !dropped)
    return tl::unexpected(dropped.error());
  return true;
}

result<bool> session_keeper::do_again(std::uint64_t batch) {
  log(log_level::error, "coordinator",
      "the record of batch " + std::to_string(batch) + " is damaged; it is done again");
  if (auto forgotten = ledger_->forget(batch); !forgotten)
    return tl::unexpected(forgotten.error());
  unwritten_.erase(batch);
  window_->reopen(batch);
  return false;
}

bool session_keeper::all_written() const {
  return plan_.sealed() && output_->next_emit() >= plan_.batches();
}

result<void> session_keeper::finish() {
  const stopwatch writing(write_seconds_);
  auto finished = output_->finish({"completed", plan_.items(), 0});
  if (finished)
    unwritten_.clear();
  else if (auto again = reopen_output(); !again)
    return again;
  return finished;
}

keeper_counts session_keeper::counts() const {
  keeper_counts counts{plan_.items(), plan_.sealed(), output_->committed().embedded,
                       output_->committed().failed, done_before_};
  for (const auto& [batch, some] : unwritten_) {
    counts.embedded += some.embedded;
    counts.failed += some.failed;
  }
  return counts;
}

} // namespace trainyard
