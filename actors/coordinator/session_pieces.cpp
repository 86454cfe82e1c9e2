// Outcomes of batches and of their pieces on their way into the ledger, and what is published or withdrawn
// for it.
#include "actors/coordinator/session_keeper.hpp"
#include "actors/log.hpp"
#include "messages/codec.hpp"

namespace trainyard {

namespace {

constexpr std::chrono::seconds publish_pause{1};
constexpr std::uint32_t pieces_shared_out = 8;

std::string name_of(std::uint64_t batch, batch_piece piece) {
  const auto last = std::uint64_t{piece.first} + piece.count;
  return "batch " + std::to_string(batch) +
         (piece.is_whole() ? ""
                           : ", images " + std::to_string(piece.first) + " to " + std::to_string(last - 1));
}

} // namespace

std::optional<work_order> session_keeper::next_order(time_point now) {
  if (window_->is_stopped())
    return std::nullopt;
  for (auto at = again_.begin(); at != again_.end();) {
    if (ledger_->is_done(at->batch)) {
      at = again_.erase(at);
    } else if (at->due > now) {
      ++at;
    } else {
      auto order = *at;
      again_.erase(at);
      return order;
    }
  }
  if (const auto next = window_->next(now))
    return work_order{next->batch, next->attempt, {}, {}};
  return std::nullopt;
}

/// A whole in flight goes through the window: should the server not take it, it is tried again as the same
/// attempt.
void session_keeper::publish_again(std::uint64_t batch, batch_piece piece, time_point due) {
  ++redo_attempt_;
  if (!piece.is_whole() || !window_->repeat(batch, redo_attempt_))
    again_.push_back({batch, redo_attempt_, piece, due});
}

void session_keeper::publish_failed(std::uint64_t batch, batch_piece piece, time_point now) {
  if (piece.is_whole())
    window_->published_failed(batch, now);
  else
    publish_again(batch, piece, now + publish_pause);
}

void session_keeper::retry_overdue(time_point now) {
  for (const auto& late : window_->overdue(now)) {
    log(log_level::warn, "coordinator",
        "batch " + std::to_string(late.batch) + " of " + config_.session_id + " has no result yet; attempt " +
            std::to_string(late.attempt));
    if (!pieces_.is_cut(late.batch))
      again_.push_back({late.batch, late.attempt, {}, {}});
    for (const auto& piece : pieces_.open_pieces(late.batch))
      publish_again(late.batch, piece);
  }
}

/// Into the ledger, unless it is a double, which has no effect.
result<void> session_keeper::record(batch_result done, std::span<const std::byte> payload, time_point now,
                                    stored_batches& into) {
  const auto batch = done.batch;
  if (done.kind != static_cast<std::uint32_t>(result_kind::outcome))
    return heard(done, now), result<void>();
  if (!done.piece.is_whole()) {
    if (!ledger_->is_done(batch))
      (void)pieces_.finished(std::move(done));
    return {};
  }
  if (!ledger_->is_done(batch)) {
    if (auto appended = ledger_->append(batch, payload); !appended)
      return appended;
  }
  into.try_emplace(batch).first->second = {std::move(done)};
  return {};
}

result<void> session_keeper::record_complete(std::uint64_t batch, stored_batches& into) {
  if (ledger_->is_done(batch))
    return {}; // as a whole, in the same call of store()
  batch_result like;
  like.session = config_.session_id;
  like.space_id = config_.space_id;
  like.dtype = config_.dtype;
  like.dim = config_.dim;
  like.precision = config_.precision;
  auto complete = pieces_.complete(batch, like);
  if (!complete)
    return {};
  if (auto appended = ledger_->append(batch, to_msgpack(complete->whole)); !appended)
    return appended;
  withdrawn_.push_back({batch, 1, {}, {}}); // the whole may stand in the queue still
  into[batch] = std::move(complete->pieces);
  return {};
}

void session_keeper::heard(const batch_result& said, time_point now) {
  if (ledger_->is_done(said.batch))
    return withdrawn_.push_back({said.batch, 1, said.piece, {}});
  const auto images = static_cast<std::uint32_t>(plan_.items_of(said.batch).count);
  const bool begun = said.kind == static_cast<std::uint32_t>(result_kind::begun);
  log(log_level::warn, "coordinator",
      name_of(said.batch, said.piece) + " of " + config_.session_id +
          (begun ? " is begun with care by " : " took devices down at ") + said.node);
  follow(said.batch, begun ? pieces_.begun(said, images, now) : pieces_.gave_up(said, images));
}

void session_keeper::share_out_last(time_point now) {
  if (pace_.is_stalled(now))
    share_out_open();
}

void session_keeper::offer_last(time_point now) {
  if (pace_.has_rested(now))
    share_out_open();
}

void session_keeper::share_out_open() {
  if (!plan_.sealed() || window_->is_stopped() || !window_->all_handed_out() || !again_.empty())
    return;
  for (const auto batch : window_->open_batches()) {
    const auto images = static_cast<std::uint32_t>(plan_.items_of(batch).count);
    follow(batch, pieces_.share_out(batch, images, std::max(1U, images / pieces_shared_out)));
  }
}

void session_keeper::follow(std::uint64_t batch, const piece_orders& orders) {
  for (const auto& piece : orders.withdraw)
    withdrawn_.push_back({batch, 1, piece, {}});
  for (const auto& piece : orders.publish)
    publish_again(batch, piece);
  if (!orders.publish.empty())
    log(log_level::warn, "coordinator",
        name_of(batch, orders.withdraw.empty() ? batch_piece{} : orders.withdraw.front()) + " of " +
            config_.session_id + " is cut into " + std::to_string(orders.publish.size()) + " pieces");
}

} // namespace trainyard
