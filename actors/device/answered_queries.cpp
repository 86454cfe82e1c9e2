// Single images between the micro-batches of a batch: the device's memory is kept as for any other pass.
#include <algorithm>

#include "actors/device/batch_embedder.hpp"
#include "actors/device/memory/autorelease_pool.hpp"

namespace trainyard {

result<bool> batch_embedder::answer_queries() {
  auto taken =
      queries_ ? queries_->take(std::min(queries_per_pass, ceiling_.size())) : std::vector<image_query>();
  if (taken.empty())
    return false;
  const autorelease_pool pool;
  if (settings_.recovers)
    make_room();
  std::vector<prepared_image> images;
  for (auto& each : taken)
    images.push_back(std::move(each.image));
  const auto rows = embed_with_room(images);
  upkeep_.after_pass(rows ? images.size() : 0);
  const auto dim = static_cast<std::ptrdiff_t>(model_.identity().dim);
  for (std::size_t i = 0; i < taken.size() && rows; ++i) {
    const auto row = rows->begin() + static_cast<std::ptrdiff_t>(i) * dim;
    taken[i].answer(std::vector<float>(row, row + dim));
  }
  if (rows)
    return true;
  for (std::size_t i = 0; i < taken.size();
       ++i) { // one of them spoils it for the others, or the device is lost
    taken[i].image = std::move(images[i]);
    if (auto good = answer_one(taken[i], rows.error()); !good) {
      for (auto& each : std::span(taken).subspan(i))
        each.answer(tl::unexpected(good.error()));
      return tl::unexpected(good.error());
    }
  }
  return true;
}

/// `why` is what became of it among others. An image that fails alone while the witness does not is to blame.
result<void> batch_embedder::answer_one(image_query& query, failure why) {
  if (why.kind == failure_kind::device_lost ||
      (why.kind == failure_kind::device_out_of_memory && !settings_.recovers))
    return tl::unexpected(std::move(why));
  auto row = embed_with_room({&query.image, 1});
  upkeep_.after_pass(row ? 1 : 0);
  if (row) {
    query.answer(std::move(*row));
    return {};
  }
  if (row.error().kind == failure_kind::device_lost)
    return tl::unexpected(row.error());
  if (auto healthy = ask_witness(); !healthy)
    return healthy;
  auto blamed = row.error();
  if (blamed.kind == failure_kind::device_out_of_memory)
    blamed.kind = failure_kind::image_out_of_memory;
  query.answer(tl::unexpected(std::move(blamed)));
  return {};
}

} // namespace trainyard
