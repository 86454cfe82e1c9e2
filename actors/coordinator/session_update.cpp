// A further generation: taken up when it is sealed, swept when it is written.
#include "actors/coordinator/session_keeper.hpp"

#include <algorithm>

#include "actors/coordinator/output/corrupt_output.hpp"
#include "actors/coordinator/output/folder_layout.hpp"

namespace trainyard {

result<void> session_keeper::take_up_generations() {
  const auto& generations = manifest_->generations();
  for (auto next = generations.empty() ? 0
                   : plan_.sealed()    ? plan_.generation() + 1
                                       : plan_.generation();
       next < generations.size(); ++next) {
    if (plan_.sealed())
      plan_.begin_generation();
    plan_.listed(generations[next].end_item, true);
  }
  if (generations.size() > 1) {
    auto note = generation_note_in(generations.back().note);
    if (!note)
      return tl::unexpected(note.error());
    note_ = std::move(*note);
  }
  return generation_files{folder_layout{config_.out}.own()}.remove_all_but(note_ ? note_->generation : 0);
}

/// No batch is dispatched before its generation is sealed.
result<void> session_keeper::check_batches() const {
  const auto done = ledger_->done_batches();
  const auto behind = std::max(committed_batches_, done.empty() ? 0 : done.back() + 1);
  if (behind <= plan_.batches())
    return {};
  return corrupt_output(config_.out.string() + " holds results up to batch " + std::to_string(behind - 1) +
                        ", and its listing ends with batch " + std::to_string(plan_.batches()));
}

std::shared_ptr<const update_order> session_keeper::update_order_now() const {
  const bool retried =
      resumed_update_ && note_->changes.retried > 0; // else what failed again is tried for ever
  return std::make_shared<const update_order>(
      update_order{config_.directory, config_.out, config_.prune, config_.retry_failed && !retried, plan_,
                   output_->shards(), output_->failures_bytes_before(plan_.batches())});
}

result<changes_report> session_keeper::take_up(const changes_report& found) {
  auto report = found;
  if (found.any()) {
    if (auto seen = manifest_->refresh(); !seen)
      return tl::unexpected(seen.error());
    if (auto known = take_up_generations(); !known)
      return tl::unexpected(known.error());
    done_before_ -= std::min(done_before_, note_->superseded);
  } else if (resumed_update_) { // what an earlier run found, and this one did
    report = note_->changes;
    report.unchanged =
        found.unchanged - std::min(found.unchanged, report.added + report.changed + report.retried);
    report.vanished = found.vanished;
  }
  return listed(manifest_->size(), true).map([&] { return report; });
}

bool session_keeper::all_emitted() const {
  return plan_.sealed() && output_ && output_->next_emit() >= plan_.batches();
}

bool session_keeper::sweep_is_due() const {
  return all_emitted() && note_ && note_->superseded > 0 && swept_.ended < note_->generation;
}

bool session_keeper::all_written() const {
  return all_emitted() && !sweep_is_due();
}

result<void> session_keeper::sweep() {
  if (!sweep_) {
    auto opened = generation_sweep::open({folder_layout{config_.out}.own()}, *note_, *output_);
    if (!opened)
      return tl::unexpected(opened.error());
    sweep_ = std::move(*opened);
  }
  const auto more = sweep_->step(*output_, plan_, *manifest_);
  if (!more) {
    sweep_.reset();
    output_.reset(); // the next call opens the folder anew and repairs it
    return tl::unexpected(more.error());
  }
  if (!*more)
    sweep_.reset();
  note_committed();
  return {};
}

/// What the committed counts hold of earlier generations that is to go.
output_counts session_keeper::superseded_in_output() const {
  if (!note_ || note_->superseded == 0 || swept_.ended >= note_->generation)
    return {};
  const auto rows = note_->superseded - note_->superseded_failed;
  return {rows - std::min(rows, swept_.rows_gone), note_->superseded_failed};
}

} // namespace trainyard
