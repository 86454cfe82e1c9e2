// Records and commits are read back from the files that were synced.
#include "tests/simulation/durable_truth.hpp"

#include <algorithm>

#include "actors/coordinator/ledger_segment.hpp"
#include "actors/coordinator/output/shard_log.hpp"

namespace trainyard::simulation {

durable_truth::durable_truth(surroundings& around) : around_(around) {
  around_.disk.on_synced = [this](const std::filesystem::path& file) { synced(file); };
  around_.watch.result_acknowledged = [this](const told& result) { acknowledged(result); };
  around_.watch.result_stored = [this](const told& result) { stored(result); };
  around_.watch.work_acknowledged = [this](const work_key& work) {
    if (!has_result_.contains(work))
      around_.breaks("the work of " + to_string(work) + " is acknowledged and has no result");
  };
  around_.watch.work_handed_back = [this](const work_key& work, const std::string& worker) {
    if (const auto begun = begun_.find(work);
        begun != begun_.end() && begun->second.contains(worker) && !ended_[work].contains(worker))
      around_.breaks(to_string(work) + " is handed back by " + worker + ", which has said that it begins it");
  };
  around_.watch.results_opened = [this](std::uint64_t epoch) {
    if (epoch <= epoch_)
      around_.breaks("epoch " + std::to_string(epoch) + " follows epoch " + std::to_string(epoch_));
    epoch_ = epoch;
  };
}

/// Pieces and words are kept in memory alone: whoever takes over asks for the batch again.
void durable_truth::acknowledged(const told& result) {
  around_.disk.settle();
  const auto batch = result.work.batch;
  if (result.kind == result_kind::outcome && result.work.piece.is_whole() && batch >= committed_ &&
      !recorded_.contains(batch))
    around_.breaks("the result of batch " + std::to_string(batch) + " is acknowledged and not durable");
}

void durable_truth::stored(const told& result) {
  if (result.kind == result_kind::begun) {
    begun_[result.work].insert(result.worker);
    return;
  }
  has_result_.insert(result.work);
  ended_[result.work].insert(result.worker);
}

bool durable_truth::may_be_condemned(std::uint64_t batch, std::uint32_t position,
                                     std::uint64_t images_of_batch) const {
  std::set<std::string> silent;
  const auto count = [&](const work_key& alone) {
    const auto begun = begun_.find(alone);
    const auto ended = ended_.find(alone);
    if (begun != begun_.end())
      for (const auto& worker : begun->second)
        if (ended == ended_.end() || !ended->second.contains(worker))
          silent.insert(worker);
  };
  count({batch, {position, 1}});
  if (images_of_batch == 1)
    count({batch, {}});
  return silent.size() >= 2;
}

void durable_truth::synced(const std::filesystem::path& file) {
  if (file.filename() == "shards.jsonl") {
    if (const auto log = shard_log::open(file))
      committed_ = std::max(committed_, log->last().end_batch);
  } else if (parse_segment_name(file.filename().native())) {
    (void)scan_segment(file, [this](const record_header& header, std::uint64_t) {
      if (header.kind == record_kind::done)
        recorded_.insert(header.batch);
    });
  }
}

} // namespace trainyard::simulation
