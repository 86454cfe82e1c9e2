// One line per message; the lister is spawned and stopped here.
#include "actors/coordinator/session_actor.hpp"

#include "actors/caf_mailbox.hpp"
#include "actors/coordinator/lister.hpp"

namespace trainyard {

session_actor::session_actor(caf::event_based_actor& self, session_config config, coordinator_link& link,
                             session_sinks sinks)
    : self_(self), config_(std::move(config)), link_(link), sinks_(std::move(sinks)) {}

caf::message_handler session_actor::handlers() {
  machine_.emplace(config_, link_, ports());
  machine_->start();
  return caf::message_handler{
      [this](const listed& more) { machine_->on(more); },
      [this](const directory_compared& changes) { machine_->on(changes); },
      [this](const listing_failed& stuck) { machine_->on(stuck); },
      [this](const work_published& answer) { machine_->on(answer); },
      [this](const result_delivered& delivered) { machine_->on(delivered); },
      [this](const commit_results& now) { machine_->on(now); },
      [this](const sweep_more& more) { machine_->on(more); },
      [this](const session_tick& tick) { machine_->on(tick); },
      [this](const interrupt_session& order) { machine_->on(order); },
      [this](const pause_session& order) { machine_->on(order); },
      [this](const resume_session& order) { machine_->on(order); },
      [this](const resize_window& share) { machine_->on(share); },
      [this](const worker_idle& offer) { machine_->on(offer); },
      [this](const actor_down&) { machine_->lister_lost(); }, // only the lister is watched
  };
}

session_ports session_actor::ports() {
  session_ports ports;
  ports.self = mailbox_of<session_message>(handle_of(self_));
  ports.now = [] { return std::chrono::steady_clock::now(); };
  ports.start_listing = [this](std::shared_ptr<manifest_writer> manifest) {
    start_listing(std::move(manifest));
  };
  ports.compare = [this](std::shared_ptr<const update_order> order) {
    tell(lister_, compare_directory{std::move(order)});
  };
  ports.stop_listing = [this] { stop_listing(); };
  ports.sinks.on_progress = sinks_.on_progress;
  ports.sinks.on_end = [this](session_outcome outcome) {
    sinks_.on_end(std::move(outcome));
    tell(handle_of(self_), stop{}); // not quit(): this may still be the actor's start
  };
  return ports;
}

void session_actor::start_listing(std::shared_ptr<manifest_writer> manifest) {
  const auto me = handle_of(self_);
  lister_ =
      spawn_detached<lister>(self_, lister_config{config_.directory, config_.out}, std::move(manifest), me);
  watch(me, lister_);
}

void session_actor::stop_listing() {
  if (!lister_)
    return;
  tell(lister_, stop{});
  wait_for_end(self_.system(), lister_);
  lister_ = nullptr;
}

} // namespace trainyard
