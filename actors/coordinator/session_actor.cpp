// Messages in, one call on the keeper each, messages out.
#include "actors/coordinator/session_actor.hpp"

#include "actors/coordinator/lister.hpp"
#include "actors/log.hpp"
#include "messages/codec.hpp"

namespace trainyard {

namespace {

auto now() {
  return std::chrono::steady_clock::now();
}

/// A full or failing disk may recover; everything else ends the session.
bool may_pass(const failure& what) {
  return what.kind == failure_kind::disk_full || what.kind == failure_kind::output_unwritable;
}

} // namespace

session_actor::session_actor(caf::event_based_actor& self, session_config config, coordinator_link& link,
                             session_sinks sinks)
    : self_(self), config_(std::move(config)), link_(link), sinks_(std::move(sinks)), started_(now()),
      rate_(started_) {}

caf::message_handler session_actor::handlers() {
  if (auto begun = begin(); !begun)
    end("failed", begun.error());
  return caf::message_handler{
      [this](const listed& more) { listing(more); },
      [this](const directory_compared& changes) { compared(changes); },
      [this](const listing_failed& stuck) { end("failed", stuck.why); },
      [this](const work_published& answer) { published(answer); },
      [this](const result_delivered& delivered) { arrived(delivered); },
      [this](const commit_results&) { commit(); },
      [this](const session_tick&) { tick(); },
      [this](const interrupt_session& order) { interrupt(order); },
      [this](const pause_session&) { pause(true); },
      [this](const resume_session&) { pause(false); },
      [this](const resize_window& share) {
        if (!ended_)
          keeper_->set_max_in_flight(share.batches);
        move_on();
      },
      [this](const actor_down&) { // only the lister is watched, and it ends by our order alone
        end("failed", failure{failure_kind::internal, "the listing of the directory ended unexpectedly",
                              "run the same command again"});
      },
  };
}

result<void> session_actor::begin() {
  auto keeper = session_keeper::open(config_);
  if (!keeper)
    return tl::unexpected(keeper.error());
  keeper_ = std::move(*keeper);
  config_.session_id = keeper_->config().session_id;
  const auto me = handle_of(self_);
  auto opened =
      link_.open_results(config_.session_id, keeper_->epoch(), config_.result_credit, [me](delivery one) {
        tell(me, result_delivered{std::make_shared<const delivery>(std::move(one))});
      });
  if (!opened)
    return opened;
  const auto manifest = session_keeper::private_directory(config_.out) / "manifest";
  lister_ = spawn_detached<lister>(self_, lister_config{config_.directory, manifest, config_.out},
                                   keeper_->take_listing(), me);
  watch(me, lister_);
  tell_later(me, config_.tick, session_tick{});
  return {};
}

void session_actor::listing(const listed& more) {
  if (ended_)
    return;
  ignored_ = more.ignored;
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

void session_actor::compared(const directory_compared& changes) {
  comparing_ = false;
  if (changes.added + changes.changed + changes.gone != 0)
    changed_ = changes;
  move_on();
}

void session_actor::dispatch() {
  for (;;) {
    auto work = keeper_->next_work(now());
    if (!work)
      return end("failed", work.error());
    if (!*work)
      return;
    const auto batch = (*work)->batch;
    publishing_[batch] = now();
    const work_address to{config_.pool, config_.priority, config_.session_id,
                          batch,        keeper_->epoch(), (*work)->attempt};
    link_.publish_work(to, to_msgpack(**work), [me = handle_of(self_), batch](publish_outcome outcome) {
      tell(me, work_published{batch, static_cast<int>(outcome)});
    });
  }
}

void session_actor::published(const work_published& answer) {
  if (ended_)
    return;
  if (const auto began = publishing_.extract(answer.batch); !began.empty())
    publish_seconds_ += std::chrono::duration<double>(now() - began.mapped()).count();
  const auto outcome = static_cast<publish_outcome>(answer.outcome);
  if (outcome == publish_outcome::refused)
    return end("failed",
               failure{failure_kind::message_invalid,
                       "batch " + std::to_string(answer.batch) + " is larger than the server takes",
                       "use a smaller --batch-size with another --out, or raise the server's max_payload"});
  if (outcome == publish_outcome::full || outcome == publish_outcome::unknown)
    keeper_->publish_failed(answer.batch, now());
}

void session_actor::arrived(const result_delivered& delivered) {
  if (ended_)
    return;
  arrived_.push_back(delivered.result);
  if (!std::exchange(commit_due_, true))
    tell(handle_of(self_), commit_results{}); // behind what waits in the mailbox: one sync for all of it
}

void session_actor::commit() {
  commit_due_ = false;
  if (ended_ || arrived_.empty())
    return;
  std::vector<const std::vector<std::byte>*> payloads;
  for (const auto& each : arrived_)
    payloads.push_back(&each->payload);
  const auto before = keeper_->counts();
  if (!tolerable(keeper_->store(payloads), "the ledger"))
    return; // kept and tried again at the next tick
  const auto after = keeper_->counts();
  rate_.add(after.embedded + after.failed - before.embedded - before.failed, now());
  for (const auto& each : arrived_)
    link_.ack_result(each->ack_subject);
  arrived_.clear();
  move_on();
}

void session_actor::move_on() {
  if (ended_)
    return;
  if (!deadline_)
    dispatch();
  if (ended_ || !tolerable(keeper_->write_out(), "a shard"))
    return;
  if (!comparing_ && keeper_->all_written() && tolerable(keeper_->finish(), "session.json"))
    end("completed");
}

bool session_actor::tolerable(const result<void>& outcome, const std::string& what) {
  if (outcome) {
    blocked_.clear();
    return true;
  }
  if (!may_pass(outcome.error())) {
    end("failed", outcome.error());
    return false;
  }
  if (blocked_.empty())
    log(log_level::error, "coordinator",
        "cannot write " + what + ": " + outcome.error().cause + "; trying again every second");
  blocked_ = "blocked: " + outcome.error().cause;
  return false;
}

void session_actor::tick() {
  if (ended_)
    return;
  tell_later(handle_of(self_), config_.tick, session_tick{});
  if (deadline_ && now() >= *deadline_)
    return end(end_state_);
  keeper_->retry_overdue(now());
  commit();
  move_on();
  if (!ended_)
    report();
}

void session_actor::interrupt(const interrupt_session& order) {
  if (ended_)
    return;
  keeper_->stop_dispatching();
  end_state_ = order.state;
  deadline_ = now() + order.grace;
  tell_later(handle_of(self_), order.grace, session_tick{});
}

void session_actor::pause(bool paused) {
  if (ended_ || deadline_ || paused_ == paused)
    return;
  paused_ = paused;
  if (paused)
    keeper_->stop_dispatching();
  else
    keeper_->resume_dispatching();
  move_on();
  report();
}

void session_actor::report() {
  const auto snapshot = progress();
  link_.publish_event(names_.session_events(config_.session_id), to_msgpack(snapshot));
  sinks_.on_progress(snapshot);
}

session_progress session_actor::progress() const {
  const auto counts = keeper_->counts();
  session_progress snapshot;
  snapshot.session_id = config_.session_id;
  snapshot.state = deadline_               ? "draining"
                   : paused_               ? "paused"
                   : counts.total_is_final ? "running"
                                           : "listing";
  snapshot.reason = blocked_;
  snapshot.total = counts.total;
  snapshot.total_is_final = counts.total_is_final;
  snapshot.embedded = counts.embedded;
  snapshot.failed = counts.failed;
  snapshot.pending = counts.total - std::min(counts.total, counts.embedded + counts.failed);
  snapshot.in_flight = keeper_->in_flight();
  snapshot.images_per_second = rate_.images_per_second(now());
  for (const auto& [key, totals] : keeper_->figures().devices())
    snapshot.devices.push_back(key);
  if (counts.total_is_final)
    snapshot.eta_seconds = rate_.eta_seconds(snapshot.pending, now());
  return snapshot;
}

void session_actor::end(std::string state, std::optional<failure> why) {
  if (std::exchange(ended_, true))
    return;
  session_outcome outcome;
  outcome.session_id = config_.session_id;
  outcome.config = config_;
  outcome.state = std::move(state);
  outcome.why = std::move(why);
  outcome.publish_seconds = publish_seconds_;
  outcome.seconds = std::chrono::duration<double>(now() - started_).count();
  outcome.ignored_files = ignored_;
  outcome.changed = changed_;
  outcome.began = keeper_.has_value();
  if (keeper_) {
    link_.close_results(config_.session_id);
    report();
    outcome.counts = keeper_->counts();
    outcome.work = keeper_->figures().seconds();
    outcome.write_seconds = keeper_->write_seconds();
    for (const auto& [key, totals] : keeper_->figures().devices()) {
      outcome.worked.push_back(key);
      outcome.devices.push_back(totals);
    }
  }
  if (lister_) { // before the folder's lock is given up: it writes the manifest
    tell(lister_, stop{});
    wait_for_end(self_.system(), lister_);
    lister_ = nullptr;
  }
  keeper_.reset();
  sinks_.on_end(std::move(outcome));
  tell(handle_of(self_), stop{}); // not quit(): this may still be the actor's start
}

} // namespace trainyard
