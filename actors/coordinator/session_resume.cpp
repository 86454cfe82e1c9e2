// A session is opened as it was left: folder, ledger of a new epoch, listing, counts of what is done.
#include "actors/coordinator/output/folder_layout.hpp"
#include "actors/coordinator/session_keeper.hpp"
#include "messages/codec.hpp"

namespace trainyard {

output_spec spec_of(const session_config& config) {
  output_spec spec;
  spec.session_id = config.session_id;
  spec.directory = config.directory.string();
  spec.model = config.model;
  spec.space_id = config.space_id;
  spec.dim = config.dim;
  spec.dtype = config.dtype;
  spec.precision = config.precision;
  spec.batch_size = config.batch_size;
  spec.shard_rows = config.shard_rows;
  return spec;
}

result<session_keeper> session_keeper::open(session_config config) {
  session_keeper keeper(std::move(config));
  if (auto opened = keeper.open_output(); !opened)
    return tl::unexpected(opened.error());
  const auto& made_for = keeper.output_->session_id();
  if (!keeper.config_.takes_folders_id && made_for != keeper.config_.session_id)
    return fail(failure_kind::output_mismatch,
                keeper.config_.out.string() + " belongs to another session: '" + made_for + "'",
                "give another output, or submit the job as session " + made_for);
  keeper.config_.session_id = made_for;
  const folder_layout at{keeper.config_.out};
  const auto segments = at.segments();
  const auto last = ledger::last_epoch(segments);
  if (!last)
    return tl::unexpected(last.error());
  keeper.epoch_ = *last + 1;
  auto book = ledger::open(segments, keeper.epoch_, keeper.output_->next_batch());
  if (!book)
    return tl::unexpected(book.error());
  keeper.ledger_ = std::move(*book);
  const auto listing = at.manifest();
  auto writer = manifest_writer::open(listing); // before the reader: it repairs what a crash left torn
  if (!writer)
    return tl::unexpected(writer.error());
  keeper.listing_ = std::make_shared<manifest_writer>(std::move(*writer));
  auto manifest = manifest_reader::open(listing);
  if (!manifest)
    return tl::unexpected(manifest.error());
  keeper.manifest_ = std::move(*manifest);
  if (auto known = keeper.take_up_generations(); !known)
    return tl::unexpected(known.error());
  keeper.window_.emplace(keeper.config_.window);
  if (auto counted = keeper.take_up_ledger(); !counted)
    return tl::unexpected(counted.error());
  // Before anything can arrive: results of an earlier owner's work come as soon as the queue is open, and one
  // of a batch that is not planned would be dropped.
  if (auto known = keeper.listed(keeper.manifest_->size(), keeper.manifest_->sealed()); !known)
    return tl::unexpected(known.error());
  if (auto good = keeper.check_batches(); !good)
    return tl::unexpected(good.error());
  keeper.resumed_update_ = keeper.note_ && (!keeper.all_written() || !keeper.output_->is_finished());
  return keeper;
}

result<void> session_keeper::open_output() {
  if (output_)
    return {};
  auto output = output_folder::open(config_.out, spec_of(config_));
  if (!output)
    return tl::unexpected(output.error());
  output_ = std::move(*output);
  note_committed();
  return {};
}

void session_keeper::note_committed() {
  committed_ = output_->committed();
  committed_batches_ = output_->next_batch();
  swept_ = output_->swept();
  unwritten_.erase(unwritten_.begin(), unwritten_.lower_bound(committed_batches_));
}

result<void> session_keeper::take_up_ledger() {
  const auto superseded = superseded_in_output();
  done_before_ = committed_.embedded + committed_.failed - superseded.embedded - superseded.failed;
  for (const auto batch : ledger_->done_batches()) {
    const auto payload = ledger_->read(batch);
    const auto done =
        payload ? decode<batch_result>(*payload) : result<batch_result>(tl::unexpected(payload.error()));
    if (!done) {
      if (auto forgotten = ledger_->forget(batch); !forgotten)
        return forgotten;
      continue;
    }
    unwritten_[batch] = counts_of(*done);
    done_before_ += done->embedded.size() + done->failed.size();
  }
  return {};
}

} // namespace trainyard
