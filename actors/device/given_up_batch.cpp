// Each position once, in rising order, as a result must have them.
#include "actors/device/given_up_batch.hpp"

#include "messages/failure.hpp"

namespace trainyard {

namespace {

batch_result without_outcome(const work_batch& work, const result_origin& from, result_kind kind) {
  batch_result word;
  word.session = work.session;
  word.batch = work.batch;
  word.piece = work.piece;
  word.attempt = work.attempt;
  word.node = from.node;
  word.device = "none";
  word.device_kind = "none";
  word.precision = from.precision;
  word.space_id = from.space_id;
  word.dtype = work.dtype;
  word.dim = from.dim;
  word.kind = static_cast<std::uint32_t>(kind);
  return word;
}

} // namespace

batch_result begun_batch(const work_batch& work, const result_origin& from, std::uint64_t number) {
  auto begun = without_outcome(work, from, result_kind::begun);
  begun.word = from.instance + "-" + std::to_string(number);
  return begun;
}

batch_result given_up_batch(const work_batch& work, const result_origin& from, result_kind kind,
                            const std::string& reason) {
  auto ended = without_outcome(work, from, kind);
  for (std::uint32_t position = 0; position < work.assets.size(); ++position)
    ended.failed.push_back({position, static_cast<std::uint32_t>(failure_kind::forward_failed), reason});
  return ended;
}

} // namespace trainyard
