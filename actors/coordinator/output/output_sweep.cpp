// Superseded rows and lines leave the folder; each step counts once its line stands in the log.
#include "actors/coordinator/output/output_contents.hpp"

#include "actors/coordinator/output/failures_file.hpp"
#include "actors/coordinator/output/shard_sweep.hpp"

namespace trainyard {

result<bool> output_folder::contents::sweep_shard(std::uint64_t generation, std::uint64_t number,
                                                  const asset_keys& gone) {
  const auto old = log.live().find(number);
  if (old == log.live().end())
    return fail(failure_kind::internal, "shard " + std::to_string(number) + " is not there to be swept");
  if (auto committed_first = commit_open(); !committed_first)
    return tl::unexpected(committed_first.error());
  const auto before = old->second.record;
  auto made = shard_without(at, spec, before, gone, log.shards());
  if (!made)
    return tl::unexpected(made.error());
  if (!*made)
    return false;
  auto& record = **made;
  record.sweep = generation;
  record.rows_gone = log.rows_gone() + before.rows - record.state.rows;
  record.state.end_batch = log.last().end_batch;
  record.state.failures_bytes = log.last().failures_bytes;
  record.state.embedded_total = log.last().embedded_total - (before.rows - record.state.rows);
  record.state.failed_total = log.last().failed_total;
  return take_session_away()
      .and_then([&] { return log.append(std::move(record)); })
      .and_then([&] { return remove_file(at.root / folder_layout::npy_name(number)); })
      .and_then([&](bool) { return remove_file(at.root / folder_layout::parquet_name(number)); })
      .map([&](bool) {
        forget_uncommitted();
        return true;
      });
}

result<void> output_folder::contents::end_sweep(std::uint64_t generation, const asset_keys& gone,
                                                std::uint64_t old_bytes) {
  if (auto committed_first = commit_open(); !committed_first)
    return committed_first;
  if (auto away = take_session_away(); !away)
    return away;
  sweep_record record;
  record.sweep = generation;
  record.rows_gone = log.rows_gone();
  record.state = log.last();
  record.state.shard.reset();
  record.state.rows = 0;
  record.state.npy_bytes = record.state.parquet_bytes = 0;
  record.state.npy_sha256 = record.state.parquet_sha256 = record.state.check = "";
  if (gone.empty())
    return log.append(std::move(record)).map([&] { forget_uncommitted(); });
  const auto fresh = at.swept_failures(generation);
  auto copied = copy_failures(at.failures(), log.last().failures_bytes, fresh, old_bytes, gone);
  if (!copied)
    return tl::unexpected(copied.error());
  record.state.failures_bytes = copied->bytes;
  record.state.failed_total -= copied->left_out;
  return sync_directory(at.own())
      .and_then([&] { return log.append(std::move(record)); })
      .and_then([&] { return place_swept_failures(at, generation); })
      .and_then([&] { return recover_failures(at, log.last().failures_bytes); })
      .map([&](durable_file reopened) {
        failures = std::move(reopened);
        forget_uncommitted();
      });
}

result<bool> output_folder::sweep_shard(std::uint64_t generation, std::uint64_t shard,
                                        const asset_keys& gone) {
  return held_->guarded([&] { return held_->sweep_shard(generation, shard, gone); });
}

result<void> output_folder::end_sweep(std::uint64_t generation, const asset_keys& gone,
                                      std::uint64_t old_bytes) {
  return held_->guarded([&] { return held_->end_sweep(generation, gone, old_bytes); });
}

} // namespace trainyard
