// Each message is one call on the keeper, and what follows from it.
#include "actors/coordinator/session_machine.hpp"

#include "actors/log.hpp"
#include "messages/codec.hpp"

namespace trainyard {

namespace {

/// A full or failing disk may recover, and a limit of the machine be raised; everything else ends the
/// session.
bool may_pass(const failure& what) {
  return what.kind == failure_kind::disk_full || what.kind == failure_kind::output_unwritable ||
         what.kind == failure_kind::system_limit;
}

} // namespace

session_machine::session_machine(session_config config, coordinator_link& link, session_ports ports)
    : config_(std::move(config)), link_(link), ports_(std::move(ports)), started_(ports_.now()),
      rate_(started_) {}

void session_machine::start() {
  if (auto begun = begin(); !begun)
    end("failed", begun.error());
}

result<void> session_machine::begin() {
  auto keeper = session_keeper::open(config_);
  if (!keeper)
    return tl::unexpected(keeper.error());
  keeper_ = std::move(*keeper);
  config_.session_id = keeper_->config().session_id;
  auto opened = link_.open_results(config_.session_id, keeper_->epoch(), config_.result_credit,
                                   [tell = ports_.self.tell](delivery one) {
                                     tell(result_delivered{std::make_shared<const delivery>(std::move(one))});
                                   });
  if (!opened)
    return opened;
  ports_.start_listing(keeper_->take_listing());
  ports_.self.tell_later(config_.tick, session_tick{});
  return {};
}

void session_machine::on(const listed& more) {
  if (ended_)
    return;
  ignored_ = more.ignored;
  listing_is_complete_ |= more.complete;
  comparing_ = more.comparing;
  if (auto seen = keeper_->listed(more.durable_items, more.complete); !seen)
    return end("failed", seen.error());
  if (more.complete && more.durable_items == 0)
    return end("failed", failure{failure_kind::input_empty,
                                 "'" + config_.directory.string() + "' holds no image (" +
                                     std::to_string(more.ignored) + " other files)",
                                 "give a directory with jpg, jpeg, png, webp or bmp files"});
  move_on();
}

void session_machine::on(const directory_compared& changes) {
  if (ended_)
    return;
  comparing_ = false;
  auto taken_up = keeper_->take_up(changes.found);
  if (!taken_up)
    return end("failed", taken_up.error());
  changed_ = *taken_up;
  move_on();
}

void session_machine::on(const listing_failed& stuck) {
  end("failed", stuck.why);
}

void session_machine::lister_lost() {
  end("failed", failure{failure_kind::internal, "the listing of the directory ended unexpectedly",
                        "run the same command again"});
}

void session_machine::dispatch() {
  for (;;) {
    auto work = keeper_->next_work(ports_.now());
    if (!work)
      return end("failed", work.error());
    if (!*work)
      return;
    const auto batch = (*work)->batch;
    const auto piece = (*work)->piece;
    publishing_[{batch, piece}] = ports_.now();
    const work_address to{config_.pool, config_.priority,        config_.session_id,
                          batch,        keeper_->epoch(),        (*work)->attempt,
                          piece,        keeper_->is_stuck(batch)};
    link_.publish_work(to, to_msgpack(**work),
                       [tell = ports_.self.tell, batch, piece](publish_outcome outcome) {
                         tell(work_published{batch, piece, static_cast<int>(outcome)});
                       });
  }
}

void session_machine::withdraw() {
  for (const auto& each : keeper_->take_withdrawn())
    link_.withdraw_work(
        {config_.pool, config_.priority, config_.session_id, each.batch, keeper_->epoch(), 1, each.piece});
}

void session_machine::on(const work_published& answer) {
  if (ended_)
    return;
  if (const auto began = publishing_.extract({answer.batch, answer.piece}); !began.empty())
    publish_seconds_ += std::chrono::duration<double>(ports_.now() - began.mapped()).count();
  const auto outcome = static_cast<publish_outcome>(answer.outcome);
  if (outcome == publish_outcome::refused)
    return end("failed",
               failure{failure_kind::message_invalid,
                       "batch " + std::to_string(answer.batch) + " is larger than the server takes",
                       "use a smaller --batch-size with another --out, or raise the server's max_payload"});
  if (outcome == publish_outcome::full || outcome == publish_outcome::unknown)
    keeper_->publish_failed(answer.batch, answer.piece, ports_.now());
}

void session_machine::on(const result_delivered& delivered) {
  if (ended_)
    return;
  arrived_.push_back(delivered.result);
  if (!std::exchange(commit_due_, true))
    ports_.self.tell(commit_results{}); // behind what waits in the mailbox: one sync for all of it
}

void session_machine::on(const commit_results&) {
  commit();
}

void session_machine::on(const sweep_more&) {
  sweep_due_ = false;
  move_on();
}

void session_machine::commit() {
  commit_due_ = false;
  if (ended_ || (arrived_.empty() && !keeper_->has_news(ports_.now())))
    return;
  std::vector<const std::vector<std::byte>*> payloads;
  for (const auto& each : arrived_)
    payloads.push_back(&each->payload);
  const auto before = keeper_->counts();
  if (!tolerable(keeper_->store(payloads, ports_.now()), "the ledger"))
    return; // kept and tried again at the next tick
  const auto after = keeper_->counts();
  rate_.add(after.embedded + after.failed - before.embedded - before.failed, ports_.now());
  for (const auto& each : arrived_)
    link_.ack_result(each->ack_subject);
  arrived_.clear();
  withdraw();
  move_on();
}

void session_machine::move_on() {
  if (ended_)
    return;
  if (!deadline_)
    dispatch();
  if (ended_ || !tolerable(keeper_->write_out(), "a shard"))
    return;
  if (keeper_->sweep_is_due()) {
    if (!std::exchange(sweep_due_, true))
      ports_.self.tell(sweep_more{}); // a shard at a time: orders to stop come in between
    return;
  }
  // Of an earlier run's output all is written from the start: whether it is to be compared, the lister says.
  if (!listing_is_complete_ || !keeper_->all_written() || !tolerable(keeper_->finish(), "session.json"))
    return;
  if (!comparing_)
    end("completed");
  else if (!deadline_ && std::exchange(compare_due_, false))
    ports_.compare(keeper_->update_order_now());
}

bool session_machine::tolerable(const result<void>& outcome, const std::string& what) {
  if (outcome) {
    blocked_.erase(what);
    return true;
  }
  if (!may_pass(outcome.error())) {
    end("failed", outcome.error());
    return false;
  }
  auto& known = blocked_[what];
  if (known.empty())
    log(log_level::error, "coordinator",
        "cannot write " + what + ": " + outcome.error().cause + "; trying again every second");
  known = "blocked: " + outcome.error().cause;
  return false;
}

void session_machine::on(const session_tick&) {
  if (ended_)
    return;
  ports_.self.tell_later(config_.tick, session_tick{});
  if (deadline_ && ports_.now() >= *deadline_)
    return end(end_state_);
  keeper_->retry_overdue(ports_.now());
  commit();
  if (!ended_)
    keeper_->share_out_last(ports_.now());
  move_on();
  if (!ended_)
    report();
}

void session_machine::on(const interrupt_session& order) {
  if (ended_)
    return;
  keeper_->stop_dispatching();
  end_state_ = order.state;
  deadline_ = ports_.now() + order.grace;
  ports_.self.tell_later(order.grace, session_tick{});
}

void session_machine::on(const resize_window& share) {
  if (!ended_)
    keeper_->set_max_in_flight(share.batches);
  move_on();
}

void session_machine::on(const worker_idle&) {
  if (ended_ || deadline_)
    return;
  keeper_->offer_last(ports_.now());
  move_on();
}

void session_machine::pause(bool paused) {
  if (ended_ || deadline_ || paused_ == paused)
    return;
  paused_ = paused;
  if (paused)
    keeper_->stop_dispatching();
  else
    keeper_->resume_dispatching();
  move_on();
  if (!ended_) // the last batch may have been written just now
    report();
}

} // namespace trainyard
