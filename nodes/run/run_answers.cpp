// The last word of session and worker, kept under one lock.
#include "nodes/run/run_answers.hpp"

#include <span>

#include "actors/coordinator/host/failure_pages.hpp"
#include "messages/json_codec.hpp"
#include "messages/session_states.hpp"

namespace trainyard {

run_answers::run_answers(session_status known, std::filesystem::path output)
    : status_(std::move(known)), output_(std::move(output)) {}

void run_answers::heard(const session_progress& from) {
  const std::lock_guard lock(mutex_);
  if (status_.session_id.empty() || status_.session_id != from.session_id)
    status_.session_id = from.session_id; // that of the output, where it has one already
  status_.state = from.state == "paused" ? "paused" : "running";
  status_.reason = from.reason;
  status_.total = from.total;
  status_.total_is_final = from.total_is_final;
  status_.embedded = from.embedded;
  status_.failed = from.failed;
  status_.skipped = from.skipped;
  status_.pending = from.pending;
  status_.in_flight = from.in_flight;
  status_.images_per_second = from.images_per_second;
  status_.eta_seconds = from.eta_seconds;
  status_.devices = from.devices;
}

void run_answers::heard(const node_heartbeat& beat) {
  const std::lock_guard lock(mutex_);
  beat_ = beat;
}

session_status run_answers::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

/// Of one session.
result<std::string> run_answers::list(std::string_view payload, const session_status& now) {
  const auto asked = from_json_text<list_request>(std::as_bytes(std::span(payload)));
  if (!asked)
    return tl::unexpected(asked.error());
  session_list all;
  all.states = no_sessions();
  count(all.states, now.state);
  all.total = !asked->state || asked->state->empty() || *asked->state == now.state ? 1 : 0;
  if (asked->offset < all.total)
    all.sessions.push_back(now);
  return to_json_text(all);
}

result<std::string> run_answers::answer(std::string_view verb, std::string_view session,
                                        std::string_view payload) const {
  const auto now = status();
  if (verb == "list")
    return list(payload, now);
  if (verb == "devices") {
    const std::lock_guard lock(mutex_);
    return to_json_text(device_list{wire_schema, beat_ ? beat_->devices : std::vector<device_status>()});
  }
  if (!session.empty() && session != now.session_id)
    return fail(failure_kind::session_unknown, "this run is no session '" + std::string(session) + "'",
                "its own is " + now.session_id);
  if (verb == "status")
    return to_json_text(now);
  if (verb == "failures") {
    const auto asked = from_json_text<failures_request>(std::as_bytes(std::span(payload)));
    if (!asked)
      return tl::unexpected(asked.error());
    const auto page = read_failures(output_, now.session_id, *asked);
    return page ? result<std::string>(to_json_text(*page)) : tl::unexpected(page.error());
  }
  return fail(failure_kind::session_conflict, "a run takes no " + std::string(verb),
              "it is steered from its own terminal: Ctrl-C stops it, the same command goes on");
}

} // namespace trainyard
