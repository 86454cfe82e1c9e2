// What a session says of itself: each second how far it is, and at its end what became of it.
#include "actors/coordinator/session_machine.hpp"
#include "messages/codec.hpp"

namespace trainyard {

void session_machine::report() {
  const auto snapshot = progress();
  link_.publish_event(config_.names.session_events(config_.session_id), to_msgpack(snapshot));
  ports_.sinks.on_progress(snapshot);
}

session_progress session_machine::progress() const {
  const auto counts = keeper_->counts();
  session_progress snapshot;
  snapshot.session_id = config_.session_id;
  snapshot.state = deadline_               ? "draining"
                   : paused_               ? "paused"
                   : counts.total_is_final ? "running"
                                           : "listing";
  snapshot.reason = blocked_.empty() ? "" : blocked_.begin()->second;
  snapshot.total = counts.total;
  snapshot.total_is_final = counts.total_is_final;
  snapshot.embedded = counts.embedded;
  snapshot.failed = counts.failed;
  snapshot.pending = counts.total - std::min(counts.total, counts.embedded + counts.failed);
  snapshot.in_flight = keeper_->in_flight();
  snapshot.images_per_second = rate_.images_per_second(ports_.now());
  for (const auto& [key, totals] : keeper_->figures().devices())
    snapshot.devices.push_back(key);
  if (counts.total_is_final)
    snapshot.eta_seconds = rate_.eta_seconds(snapshot.pending, ports_.now());
  return snapshot;
}

session_outcome session_machine::outcome(std::string state, std::optional<failure> why) const {
  session_outcome outcome;
  outcome.session_id = config_.session_id;
  outcome.config = config_;
  outcome.state = std::move(state);
  outcome.why = std::move(why);
  outcome.publish_seconds = publish_seconds_;
  outcome.seconds = std::chrono::duration<double>(ports_.now() - started_).count();
  outcome.ignored_files = ignored_;
  outcome.changed = changed_;
  outcome.began = keeper_.has_value();
  if (!keeper_)
    return outcome;
  outcome.counts = keeper_->counts();
  outcome.work = keeper_->figures().seconds();
  outcome.write_seconds = keeper_->write_seconds();
  for (const auto& [key, totals] : keeper_->figures().devices()) {
    outcome.worked.push_back(key);
    outcome.devices.push_back(totals);
  }
  return outcome;
}

void session_machine::end(std::string state, std::optional<failure> why) {
  if (std::exchange(ended_, true))
    return;
  if (keeper_) {
    link_.close_results(config_.session_id);
    report();
  }
  auto account = outcome(std::move(state), std::move(why));
  ports_.stop_listing(); // before the folder's lock is given up: the lister writes the manifest
  keeper_.reset();
  ports_.sinks.on_end(std::move(account));
}

} // namespace trainyard
