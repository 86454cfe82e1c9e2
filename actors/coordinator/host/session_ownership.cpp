// How the host comes to own a session, and how it lets go of one.
#include "actors/coordinator/host/session_host.hpp"

#include <algorithm>

#include "actors/coordinator/host/patience.hpp"
#include "actors/coordinator/host/session_rules.hpp"
#include "actors/coordinator/outcome_report.hpp"
#include "actors/log.hpp"

namespace trainyard {

namespace {

constexpr std::chrono::seconds pause_after_failure{5};
/// Three lives of a lease in the work queue. Publishing again what is still there has no effect; what a
/// server lost with its store is queued anew.
constexpr std::chrono::seconds overdue_after{90};

/// An outcome of ours alone: this machine cannot run the session now; another may, or this one later.
constexpr auto not_here = "not here";

auto now() {
  return std::chrono::steady_clock::now();
}

void fill_in(session_status& status, const session_outcome& outcome) {
  const auto& counts = outcome.counts;
  status.total = counts.total;
  status.total_is_final = counts.total_is_final;
  status.embedded = counts.embedded;
  status.failed = counts.failed;
  status.pending = counts.total - std::min(counts.total, counts.embedded + counts.failed);
  status.in_flight = 0;
  status.images_per_second = 0;
  status.eta_seconds.reset();
  add_devices(status, outcome.worked);
}

void give_back(session_status& status, std::string reason) {
  status.state = "queued";
  status.reason = std::move(reason);
  status.coordinator.clear();
}

} // namespace

void session_host::claim_unowned() {
  if (draining_ || over_)
    return share_windows();
  std::vector<std::string> candidates;
  for (const auto& [session, known] : book_.all()) {
    const auto& record = known.record;
    const bool rests = record.wanted == "paused" && record.status.coordinator.empty();
    const auto later = not_before_.find(session);
    if (!has_ended(record) && !rests && !owned_.contains(session) && !is_others(known) &&
        intake_.has_root(record.status.root) && (later == not_before_.end() || later->second <= now()))
      candidates.push_back(session);
  }
  for (const auto& session : candidates)
    if (owned_.size() < config_.most_sessions)
      claim(session);
  share_windows();
}

/// Its owner was heard of a moment ago; without this each host would ask for each lease every second.
bool session_host::is_others(const known_session& known) const {
  const auto& owner = known.record.status.coordinator;
  return !owner.empty() && owner != config_.node && known.heard &&
         now() - known.heard_at < std::chrono::seconds(3);
}

void session_host::claim(const std::string& session) {
  const auto asked_at = now();
  const auto taken = registry_.take_lease(session, config_.owner);
  if (!taken || !*taken)
    return; // its owner lives, or the registry does not answer
  const auto record = book_.change(session, [this](session_record& each) -> result<bool> {
    if (has_ended(each))
      return false;
    auto& status = each.status;
    status.reason.clear();
    if (each.wanted == "cancelled") { // its owner is gone, and so nothing is to be stopped
      status.state = "cancelled";
      status.finished_at = config_.now();
      status.coordinator.clear();
      return true;
    }
    status.state = each.wanted == "paused" ? "paused" : "running";
    status.coordinator = config_.node;
    if (status.started_at.empty())
      status.started_at = config_.now();
    return true;
  });
  if (record && !has_ended(*record))
    return start(*record, asked_at);
  restore_if_lost(session, record);
  clear_if_unowned(session);
  registry_.release_lease(session, config_.owner);
}

void session_host::start(const session_record& record, time_point leased_at) {
  const auto& session = record.status.session_id;
  auto& held = owned_[session];
  held.leased_at = leased_at;
  const auto me = handle_of(self_);
  auto config = intake_.configure(record);
  if (!config) {
    session_outcome outcome;
    outcome.session_id = session;
    outcome.state = record.status.total > 0 ? not_here : "failed"; // one that has begun may go on elsewhere
    outcome.why = config.error();
    return tell(me, session_ended{std::make_shared<const session_outcome>(std::move(outcome))});
  }
  log(log_level::info, "coordinator",
      "session " + session + " is ours: " + config->directory.string() + " to " + config->out.string());
  config->names = config_.names;
  config->window.max_in_flight = 1; // until its share is known, a moment later
  config->window.retry_after = overdue_after;
  session_sinks sinks;
  sinks.on_progress = [me](session_progress progress) { tell(me, session_heard{std::move(progress)}); };
  sinks.on_end = [me](session_outcome outcome) {
    tell(me, session_ended{std::make_shared<const session_outcome>(std::move(outcome))});
  };
  held.runner = spawn_detached<session_actor>(self_.system(), *config, std::ref(link_), std::move(sinks));
  on_crash(held.runner, [me, session](const std::string& why) {
    session_outcome outcome;
    outcome.session_id = session;
    outcome.state = "failed";
    outcome.why = failure{failure_kind::internal, "the session's actor ended: " + why, "please report this"};
    tell(me, session_ended{std::make_shared<const session_outcome>(std::move(outcome))});
  });
  obey(session, held); // a paused one is not to begin with a few batches
}

void session_host::ended(const session_ended& over) {
  const auto session = over.outcome->session_id;
  const auto found = owned_.find(session);
  if (found == owned_.end())
    return;
  auto& held = found->second;
  held.runner = nullptr;
  if (held.state == hold::abandoned) {
    owned_.erase(found);
    return end_if_drained();
  }
  held.outcome = over.outcome;
  conclude(session);
  end_if_drained();
}

/// Until the registry has it, the lease is kept and every tick tries again.
void session_host::conclude(const std::string& session) {
  auto& held = owned_.at(session);
  if (held.state == hold::abandoned) {
    owned_.erase(session);
    return;
  }
  const auto ours =
      registry_.renew_lease(session, config_.owner); // we may have been halted since the last time
  if (!ours)
    return note_trouble(tl::unexpected(ours.error()), "record the end of session " + session);
  if (!*ours) {
    log(log_level::warn, "coordinator",
        "the lease of session " + session + " is lost; whoever has it goes on");
    owned_.erase(session);
    return;
  }
  const auto& outcome = *held.outcome;
  const bool waits = outcome.why && (may_pass(*outcome.why) || outcome.state == not_here);
  const bool given_back = waits || outcome.state == "interrupted";
  const auto written = book_.change(session, [&](session_record& record) -> result<bool> {
    auto& status = record.status;
    if (outcome.began)
      fill_in(status, outcome);
    if (given_back) {
      give_back(status, waits ? outcome.why->cause : "its coordinator stopped");
      if (record.wanted == "paused")
        status.state = "paused";
      return true;
    }
    status.state = outcome.state;
    status.reason = outcome.why ? outcome.why->cause : "";
    status.code = outcome.why ? code_of(outcome.why->kind) : "";
    status.finished_at = config_.now();
    status.coordinator.clear();
    if (outcome.state == "completed")
      record.retry_failed.reset();
    if (outcome.began)
      status.report = report_of(outcome);
    return true;
  });
  const bool lost = !written && written.error().kind == failure_kind::session_unknown;
  if (!written && !lost)
    return note_trouble(tl::unexpected(written.error()), "record the end of session " + session);
  if (lost)
    log(log_level::warn, "coordinator",
        "session " + session + " ended " + outcome.state + ", and the registry does not know it any more");
  else
    log(log_level::info, "coordinator",
        "session " + session + " is " + written->status.state +
            (written->status.reason.empty() ? "" : ": " + written->status.reason));
  not_before_.erase(session);
  if (waits)
    not_before_[session] = now() + pause_after_failure;
  if (!given_back || lost)
    note_trouble(link_.forget_session(session), "clear the queues of session " + session);
  registry_.release_lease(session, config_.owner);
  owned_.erase(session);
}

} // namespace trainyard
