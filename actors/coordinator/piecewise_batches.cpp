// Counting, cutting, and putting together again.
#include "actors/coordinator/piecewise_batches.hpp"

#include <algorithm>

#include "messages/failure.hpp"

namespace trainyard {

namespace {

constexpr std::uint32_t pieces_of_a_cut = 8;
constexpr std::uint32_t most_begun = 2;             ///< the second beginning shows that the first had no end
constexpr std::uint32_t most_begun_of_an_image = 3; ///< two ends without a word, and a last chance

/// The image's outcome: failed, and nothing else.
batch_result failed_alone(const batch_result& said, batch_piece image, const std::string& reason) {
  batch_result outcome;
  outcome.session = said.session;
  outcome.batch = said.batch;
  outcome.node = said.node;
  outcome.device = "none";
  outcome.device_kind = "none";
  outcome.precision = said.precision;
  outcome.piece = image;
  outcome.failed.push_back({0, static_cast<std::uint32_t>(failure_kind::image_ends_workers), reason});
  return outcome;
}

void add_samples(batch_result& whole, const batch_result& piece) {
  auto& sum = whole.memory;
  const auto& more = piece.memory;
  sum.limit_bytes = std::max(sum.limit_bytes, more.limit_bytes);
  sum.before_bytes = std::max(sum.before_bytes, more.before_bytes);
  sum.after_bytes = std::max(sum.after_bytes, more.after_bytes);
  sum.peak_bytes = std::max(sum.peak_bytes, more.peak_bytes);
  sum.collections.interval += more.collections.interval;
  sum.collections.soft_mark += more.collections.soft_mark;
  sum.collections.hard_mark += more.collections.hard_mark;
  sum.collections.out_of_memory += more.collections.out_of_memory;
  sum.collection_seconds += more.collection_seconds;
  sum.oom_retries += more.oom_retries;
  sum.oom_splits += more.oom_splits;
  sum.micro_batch = more.micro_batch;
  whole.seconds.read += piece.seconds.read;
  whole.seconds.decode += piece.seconds.decode;
  whole.seconds.forward += piece.seconds.forward;
}

/// `piece` lies behind what `whole` has so far.
void append(batch_result& whole, const batch_result& piece) {
  for (auto each : piece.embedded) {
    each.position += piece.piece.first;
    whole.embedded.push_back(std::move(each));
  }
  for (auto each : piece.failed) {
    each.position += piece.piece.first;
    whole.failed.push_back(std::move(each));
  }
  whole.vectors.bytes.insert(whole.vectors.bytes.end(), piece.vectors.bytes.begin(),
                             piece.vectors.bytes.end());
  if (!piece.embedded.empty() || whole.device.empty()) { // of several devices the last one stands for all
    whole.node = piece.node;
    whole.device = piece.device;
    whole.device_kind = piece.device_kind;
    whole.device_name = piece.device_name;
    whole.precision = piece.precision;
  }
  add_samples(whole, piece);
}

} // namespace

piece_orders piecewise_batches::begun(const batch_result& said, std::uint32_t images, time_point now) {
  auto& state = batches_[said.batch];
  state.suspected = true;
  if (!said.word.empty() && !state.words.insert(said.word).second)
    return {};
  ++state.begun_ever;
  auto what = said.piece;
  if (what.is_whole()) {
    const bool often = ++state.begun_whole >= (images == 1 ? most_begun_of_an_image : most_begun);
    if (!state.pieces.empty()) // they were shared out while the whole stayed in the queue: they will do
      return {{}, {what}};
    if (!often)
      return {};
    if (images > 1)
      return cut(state, {0, images}, images, (images + pieces_of_a_cut - 1) / pieces_of_a_cut);
    what = {0, 1};
    state.pieces[what].begun = state.begun_whole - 1;
  }
  const auto found = state.pieces.find(what);
  if (found == state.pieces.end() || found->second.outcome)
    return {};
  if (++found->second.begun < (what.count == 1 ? most_begun_of_an_image : most_begun))
    return {};
  if (what.count > 1)
    return cut(state, what, images, (what.count + pieces_of_a_cut - 1) / pieces_of_a_cut);
  if (!found->second.threat)
    found->second.threat = {
        now + last_chance,
        failed_alone(said, what, "workers ended without a word while they had this image alone in hand")};
  return {{}, {said.piece}};
}

piece_orders piecewise_batches::gave_up(const batch_result& said, std::uint32_t images) {
  auto& state = batches_[said.batch];
  state.suspected = true;
  ++state.begun_ever;
  auto what = said.piece;
  if (what.is_whole()) {
    if (!state.pieces.empty())
      return {};
    what = {0, images};
    state.pieces[what];
  }
  const auto found = state.pieces.find(what);
  if (found == state.pieces.end() || found->second.outcome)
    return {};
  if (what.count > 1)
    return cut(state, what, images, (what.count + pieces_of_a_cut - 1) / pieces_of_a_cut);
  found->second.outcome = failed_alone(
      said, what, said.failed.empty() ? "devices went down with this image" : said.failed[0].reason);
  return {{}, {said.piece}};
}

piece_orders piecewise_batches::share_out(std::uint64_t batch, std::uint32_t images,
                                          std::uint32_t piece_images) {
  auto& state = batches_[batch];
  if (!state.pieces.empty() || images <= piece_images)
    return {};
  auto orders = cut(state, {0, images}, images, piece_images);
  orders.withdraw.clear();
  return orders;
}

piece_orders piecewise_batches::cut(batch_state& state, batch_piece what, std::uint32_t images,
                                    std::uint32_t piece_images) {
  piece_orders orders;
  state.pieces.erase(what);
  orders.withdraw.push_back(what.count == images ? batch_piece{} : what);
  for (std::uint32_t first = 0; first < what.count; first += piece_images) {
    const batch_piece piece{what.first + first, std::min(piece_images, what.count - first)};
    state.pieces[piece];
    orders.publish.push_back(piece);
  }
  return orders;
}

bool piecewise_batches::finished(batch_result outcome) {
  const auto batch = batches_.find(outcome.batch);
  if (batch == batches_.end())
    return false;
  const auto piece = batch->second.pieces.find(outcome.piece);
  if (piece == batch->second.pieces.end() || piece->second.outcome)
    return false;
  piece->second.outcome = std::move(outcome);
  return true;
}

void piecewise_batches::condemn(time_point now) {
  for (auto& [batch, state] : batches_)
    for (auto& [piece, its] : state.pieces)
      if (!its.outcome && its.threat && its.threat->at <= now)
        its.outcome = its.threat->outcome;
}

std::vector<std::uint64_t> piecewise_batches::ready(time_point now) const {
  std::vector<std::uint64_t> batches;
  for (const auto& [batch, state] : batches_) {
    const auto has_outcome = [now](const auto& piece) {
      const auto& its = piece.second;
      return its.outcome || (its.threat && its.threat->at <= now);
    };
    if (!state.pieces.empty() && std::ranges::all_of(state.pieces, has_outcome))
      batches.push_back(batch);
  }
  return batches;
}

std::optional<completed_batch> piecewise_batches::complete(std::uint64_t batch,
                                                           const batch_result& like) const {
  const auto found = batches_.find(batch);
  const auto is_open = [](const auto& piece) { return !piece.second.outcome; };
  if (found == batches_.end() || found->second.pieces.empty() ||
      std::ranges::any_of(found->second.pieces, is_open))
    return std::nullopt;
  completed_batch done{like, {}};
  done.whole.batch = batch;
  done.whole.attempt = 1 + found->second.begun_ever;
  for (const auto& [piece, state] : found->second.pieces) {
    append(done.whole, *state.outcome);
    done.pieces.push_back(*state.outcome);
    done.pieces.back().vectors.bytes.clear();
  }
  return done;
}

std::vector<batch_piece> piecewise_batches::forget(std::uint64_t batch) {
  auto open = open_pieces(batch);
  batches_.erase(batch);
  return open;
}

bool piecewise_batches::is_cut(std::uint64_t batch) const {
  const auto found = batches_.find(batch);
  return found != batches_.end() && !found->second.pieces.empty();
}

std::vector<batch_piece> piecewise_batches::open_pieces(std::uint64_t batch) const {
  std::vector<batch_piece> open;
  if (const auto found = batches_.find(batch); found != batches_.end())
    for (const auto& [piece, state] : found->second.pieces)
      if (!state.outcome && !state.threat)
        open.push_back(piece);
  return open;
}

bool piecewise_batches::is_suspected(std::uint64_t batch) const {
  const auto found = batches_.find(batch);
  return found != batches_.end() && found->second.suspected;
}

} // namespace trainyard
