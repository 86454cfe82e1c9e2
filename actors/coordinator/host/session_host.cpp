// Messages in; leases, runners and replies out.
#include "actors/coordinator/host/session_host.hpp"

#include "actors/coordinator/host/patience.hpp"
#include "actors/coordinator/host/session_rules.hpp"
#include "actors/log.hpp"
#include "messages/codec.hpp"

namespace trainyard {

namespace {

auto now() {
  return std::chrono::steady_clock::now();
}

template <class Message, class Wire>
auto decoded_to(const actor& to, Message (*wrap)(Wire)) {
  return [to, wrap](const std::vector<std::byte>& payload) {
    if (auto value = decode<Wire>(payload); value && value->schema == wire_schema)
      tell(to, wrap(std::move(*value)));
  };
}

session_heard heard_of(session_progress progress) {
  return {std::move(progress)};
}

node_heard heard_node(node_heartbeat beat) {
  return {std::make_shared<const node_heartbeat>(std::move(beat))};
}

} // namespace

session_host::session_host(caf::event_based_actor& self, host_config config, coordinator_link& link,
                           session_registry& registry, coordinator_service& service,
                           std::function<void(std::optional<failure>)> on_drained)
    : self_(self), config_(std::move(config)), link_(link), registry_(registry), service_(service),
      on_drained_(std::move(on_drained)), book_(registry_), intake_(config_.intake),
      desk_(book_, fleet_, intake_, config_.now, config_.fresh_id) {}

session_host::~session_host() {
  for (auto& [session, held] : owned_)
    if (held.runner) {
      tell(held.runner, interrupt_session{});
      wait_for_end(self_.system(), held.runner);
    }
}

caf::message_handler session_host::handlers() {
  if (auto begun = until_answered([this] { return begin(); }); !begun) {
    over_ = true;
    on_drained_(begun.error());
    tell(handle_of(self_), stop{});
  }
  return caf::message_handler{
      [this](const job_delivered& arrived) { job(arrived); },
      [this](const request_arrived& arrived) { request(arrived); },
      [this](const session_heard& word) { book_.heard(word.progress, now()); },
      [this](const node_heard& beat) { heard(*beat.node); },
      [this](const session_ended& end) { ended(end); },
      [this](const host_tick&) { tick(); },
      [this](const drain_host&) { drain(); },
  };
}

result<void> session_host::begin() {
  if (auto known = book_.refresh(); !known)
    return known;
  const auto me = handle_of(self_);
  service_sinks sinks;
  sinks.on_job = [me](delivery job) {
    tell(me, job_delivered{std::make_shared<const delivery>(std::move(job))});
  };
  sinks.on_request = [me](api_request asked) {
    tell(me, request_arrived{std::make_shared<const api_request>(std::move(asked))});
  };
  sinks.on_session_event = decoded_to<session_heard, session_progress>(me, heard_of);
  sinks.on_node_event = decoded_to<node_heard, node_heartbeat>(me, heard_node);
  if (auto opened = service_.open(std::move(sinks)); !opened)
    return opened;
  tell(me, host_tick{});
  return {};
}

void session_host::job(const job_delivered& arrived) {
  const auto& job = *arrived.job;
  if (const auto taken = desk_.take_job(job.subject, job.payload, job.delivered); !taken) {
    service_.retry_job(job.ack_subject);
    return note_trouble(taken, "take the job on " + job.subject);
  }
  service_.ack_job(job.ack_subject);
  log(log_level::info, "coordinator", "took the job on " + job.subject);
  claim_unowned();
}

void session_host::request(const request_arrived& arrived) {
  const auto& request = *arrived.request;
  service_.reply(request.reply_to, desk_.answer(request));
  if (request.verb == "cancel" && !over_)
    clear_if_unowned(request.session);
  if (over_ || draining_)
    return;
  if (const auto held = owned_.find(request.session); held != owned_.end())
    obey(held->first, held->second);
  if (request.verb == "submit" || request.verb == "resume" || request.verb == "retry")
    claim_unowned();
}

/// A session that was cancelled between two owners has nobody else who clears its queues.
void session_host::clear_if_unowned(const std::string& session) {
  const auto known = book_.all().find(session);
  if (known != book_.all().end() && has_ended(known->second.record) && !owned_.contains(session))
    note_trouble(link_.forget_session(session), "clear the queues of session " + session);
}

void session_host::tick() {
  if (over_)
    return;
  tell_later(handle_of(self_), config_.tick, host_tick{});
  for (auto& [session, held] : owned_) // first: what follows may take long after an absence of the server
    renew(session, held);
  note_trouble(book_.refresh(), "look for sessions");
  for (auto next = owned_.begin(); next != owned_.end();) {
    auto& [session, held] = *next++; // conclude() may erase it
    if (held.outcome)
      conclude(session);
    else if (held.state == hold::running) {
      obey(session, held);
      save(session, held);
    }
  }
  claim_unowned();
  end_if_drained();
}

/// A lease that could not be renewed for most of its life may be somebody else's by now: then our runner must
/// not go on, and nothing of its end is written.
void session_host::renew(const std::string& session, owned_session& held) {
  const auto asked_at = now(); // the lease's life begins before the answer is here
  const auto renewed = registry_.renew_lease(session, config_.owner);
  if (renewed && *renewed) {
    held.leased_at = asked_at;
    return;
  }
  const bool lost = renewed.has_value() || now() - held.leased_at > config_.lease_patience;
  if (!lost || held.state == hold::abandoned)
    return;
  log(log_level::warn, "coordinator",
      "the lease of session " + session + " is lost" + (renewed ? "" : ": " + renewed.error().cause) +
          "; whoever has it goes on");
  held.state = hold::abandoned;
  tell(held.runner, interrupt_session{}); // none where it has ended: conclude() lets go of that
}

void session_host::obey(const std::string& session, owned_session& held) {
  const auto& wanted = book_.all().at(session).record.wanted;
  if (held.state != hold::running || held.outcome || held.doing == wanted || held.doing == "cancelled")
    return;
  held.doing = wanted;
  if (wanted == "cancelled")
    return tell(held.runner, interrupt_session{std::chrono::milliseconds(0), "cancelled"});
  if (wanted == "paused")
    tell(held.runner, pause_session{});
  else
    tell(held.runner, resume_session{});
  held.saved_at = {}; // show it at once
  save(session, held);
}

/// So that a status is known when this process is not there any more.
void session_host::save(const std::string& session, owned_session& held) {
  if (draining_ || now() - held.saved_at < config_.save_interval)
    return;
  held.saved_at = now();
  const auto shown = book_.status_of(book_.all().at(session), fleet_, now());
  const auto state = held.doing == "paused" ? "paused" : "running";
  const auto saved = book_.change(session, [&](session_record& record) -> result<bool> {
    if (record.status.coordinator != config_.node || has_ended(record))
      return false;
    auto& status = record.status;
    if (status.state == state && status.embedded == shown.embedded && status.failed == shown.failed &&
        status.total == shown.total)
      return false;
    status = shown;
    status.state = state;
    status.reason.clear();
    return true;
  });
  restore_if_lost(session, saved);
}

/// A server that lost its store has forgotten sessions that still run.
void session_host::restore_if_lost(const std::string& session, const result<session_record>& answer) {
  if (!answer && answer.error().kind == failure_kind::session_unknown)
    note_trouble(book_.add(book_.all().at(session).record).map([](bool) {}),
                 "record session " + session + " again");
  else
    note_trouble(answer.map([](const auto&) {}), "record how session " + session + " is");
}

void session_host::note_trouble(const result<void>& outcome, const std::string& what) {
  const auto text = outcome ? std::string() : "cannot " + what + ": " + outcome.error().cause;
  if (!text.empty() && text != trouble_)
    log(log_level::warn, "coordinator", text);
  if (!text.empty())
    trouble_ = text;
}

void session_host::drain() {
  draining_ = true;
  for (auto& [session, held] : owned_)
    if (held.state == hold::running && !held.outcome)
      tell(held.runner, interrupt_session{config_.drain_grace, "interrupted"});
  end_if_drained();
}

void session_host::end_if_drained() {
  if (!draining_ || over_ || !owned_.empty())
    return;
  over_ = true;
  service_.close();
  on_drained_(std::nullopt);
  tell(handle_of(self_), stop{});
}

} // namespace trainyard
