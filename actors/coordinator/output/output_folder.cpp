// Batches become rows, rows become shards, and one line in the log makes each shard true.
#include "actors/coordinator/output/output_folder.hpp"

#include "actors/coordinator/output/output_contents.hpp"
#include "actors/coordinator/output/result_check.hpp"

namespace trainyard {

output_folder::output_folder(std::unique_ptr<contents> held) noexcept : held_(std::move(held)) {}
output_folder::output_folder(output_folder&&) noexcept = default;
output_folder& output_folder::operator=(output_folder&&) noexcept = default;
output_folder::~output_folder() = default;

result<output_folder> output_folder::open(std::filesystem::path out, output_spec spec) {
  if (auto good = check_spec(spec); !good)
    return tl::unexpected(std::move(good).error());
  if (out.empty())
    return fail(failure_kind::usage, "the output folder has no name", "give one with --out");
  auto held = std::make_unique<contents>();
  return held->guarded([&] { return held->prepare(out, std::move(spec)); }).map([&] {
    return output_folder(std::move(held));
  });
}

const std::filesystem::path& output_folder::path() const noexcept {
  return held_->at.root;
}
const output_spec& output_folder::spec() const noexcept {
  return held_->spec;
}
std::uint64_t output_folder::next_batch() const noexcept {
  return held_->log.last().end_batch;
}
std::uint64_t output_folder::next_emit() const noexcept {
  return held_->next;
}
output_counts output_folder::committed() const noexcept {
  return held_->committed();
}
output_counts output_folder::counts() const noexcept {
  return held_->so_far;
}
const std::optional<session_summary>& output_folder::finished() const noexcept {
  return held_->finished;
}

std::vector<shard_range> output_folder::shards() const {
  std::vector<shard_range> ranges;
  for (const auto& [number, shard] : held_->log.live())
    ranges.push_back({number, shard.first_batch, shard.end_batch});
  return ranges;
}
sweep_progress output_folder::swept() const noexcept {
  return {held_->log.swept(), held_->log.rows_gone()};
}
std::uint64_t output_folder::failures_bytes_before(std::uint64_t batch) const {
  std::uint64_t bytes = 0;
  for (const auto& record : held_->log.records())
    if (record.end_batch <= batch)
      bytes = record.failures_bytes;
  return bytes;
}

result<void> output_folder::emit(std::uint64_t batch, std::span<const work_asset> assets,
                                 const batch_result& done) {
  if (held_->broken)
    return tl::unexpected(*held_->broken);
  if (batch != held_->next || done.batch != batch)
    return fail(failure_kind::internal, "batch " + std::to_string(batch) + " with the result of batch " +
                                            std::to_string(done.batch) + " where batch " +
                                            std::to_string(held_->next) + " is next");
  if (auto good = check_result(held_->spec, assets, done); !good)
    return good;
  return held_->guarded([&] { return held_->write(assets, done); });
}

result<void> output_folder::finish(const session_summary& summary) {
  if (held_->broken)
    return tl::unexpected(*held_->broken);
  if (auto good = check_summary(summary, held_->so_far); !good)
    return good;
  return held_->guarded([&] { return held_->finish(summary); });
}

} // namespace trainyard
