// Verb by verb.
#include "actors/coordinator/host/request_desk.hpp"

#include <algorithm>

#include "actors/coordinator/host/failure_pages.hpp"
#include "actors/coordinator/host/session_listing.hpp"
#include "actors/coordinator/host/session_rules.hpp"
#include "messages/encoded_answer.hpp"
#include "messages/subject_tokens.hpp"

namespace trainyard {

namespace {

/// By any coordinator: so many deliveries find one that has what a job needs, if one is there.
constexpr std::uint64_t most_tries_of_a_job = 4;

/// The choices that a job leaves open do not tell it from the session that was made of it. `accepted` is what
/// would be made of it now: a directory has many names. (A session that was refused keeps what was asked.)
bool same_job(const session_spec& asked, const session_spec& accepted, const session_spec& made) {
  const auto agrees = [&](auto member) {
    return !(asked.*member) || accepted.*member == made.*member || asked.*member == made.*member;
  };
  const auto place = [](const session_spec& of) { return std::tie(of.root, of.training_directory); };
  return (place(accepted) == place(made) || place(asked) == place(made)) && agrees(&session_spec::model) &&
         agrees(&session_spec::batch_size) && agrees(&session_spec::gpu_batch_size) &&
         agrees(&session_spec::precision) && agrees(&session_spec::priority) &&
         agrees(&session_spec::weight) && agrees(&session_spec::output) && agrees(&session_spec::dtype);
}

result<void> check_id(const std::string& session) {
  if (is_token(session))
    return {};
  return fail(failure_kind::usage, "'" + session + "' is no id of a session",
              "an id is 1 to 64 of letters, digits, - and _");
}

/// What another coordinator may have: the root, the directory, the model.
bool is_local(failure_kind kind) {
  return kind == failure_kind::input_missing || kind == failure_kind::asset_outside_root ||
         kind == failure_kind::model_missing;
}

} // namespace

request_desk::request_desk(session_book& book, const fleet_view& fleet, const session_intake& intake,
                           clock_text now, random_id fresh_id)
    : book_(book), fleet_(fleet), intake_(intake), now_(std::move(now)), fresh_id_(std::move(fresh_id)) {}

std::vector<std::byte> request_desk::answer(const api_request& request) {
  // An empty request is answered in JSON, which every client can read.
  const bool as_json = request.payload.empty() || is_json(request.payload);
  if (request.verb == "submit") {
    const auto spec = decode<session_spec>(request.payload);
    return encoded_answer(spec ? submit(*spec) : result<submit_reply>(tl::unexpected(spec.error())), as_json);
  }
  if (request.verb == "list")
    return encoded_answer(list(request.payload), as_json);
  if (request.verb == "devices")
    return encoded_answer(device_list{wire_schema, fleet_.devices(session_book::time_point::clock::now())},
                          as_json);
  if (request.verb == "failures")
    return encoded_answer(failures(request), as_json);
  return encoded_answer(about(request), as_json);
}

result<session_status> request_desk::about(const api_request& request) {
  const auto& session = request.session;
  if (const auto good = check_id(session); !good)
    return tl::unexpected(good.error());
  if (request.verb == "status")
    return change(session, [](session_record&) { return false; });
  if (request.verb == "pause")
    return change(session, ask_pause);
  if (request.verb == "resume")
    return change(session, ask_resume);
  if (request.verb == "cancel")
    return change(session, [this](session_record& record) { return ask_cancel(record, now_()); });
  if (request.verb == "retry")
    return change(session, [&](session_record& record) { return retry(record); });
  return fail(failure_kind::usage, "'" + request.verb + "' is nothing that a coordinator can be asked",
              "submit, list, devices; status, pause, resume, cancel, retry or failures of a session");
}

/// One that was refused when it was submitted is looked at anew.
result<bool> request_desk::retry(session_record& record) {
  if (!record.pool.empty() || record.status.state != "failed")
    return ask_retry(record);
  auto accepted = intake_.accept(record.spec, record.status.session_id, record.status.submitted_at);
  if (!accepted)
    return tl::unexpected(accepted.error());
  record = std::move(*accepted);
  return true;
}

result<session_status> request_desk::change(const std::string& session, const session_book::edit& how) {
  if (const auto changed = book_.change(session, how); !changed)
    return tl::unexpected(changed.error());
  return book_.status_of(book_.all().at(session), fleet_, session_book::time_point::clock::now());
}

result<session_list> request_desk::list(const std::vector<std::byte>& payload) const {
  list_request wanted;
  if (!payload.empty()) {
    const auto asked = decode<list_request>(payload);
    if (!asked)
      return tl::unexpected(asked.error());
    wanted = *asked;
  }
  return page_of_sessions(book_, fleet_, wanted, session_book::time_point::clock::now());
}

result<failure_page> request_desk::failures(const api_request& request) {
  if (const auto good = check_id(request.session); !good)
    return tl::unexpected(good.error());
  failures_request page;
  if (!request.payload.empty()) {
    const auto asked = decode<failures_request>(request.payload);
    if (!asked)
      return tl::unexpected(asked.error());
    page = *asked;
  }
  const auto record = book_.look_up(request.session);
  if (!record)
    return tl::unexpected(record.error());
  if (record->status.output.empty()) // a job that was refused has no folder
    return failure_page{wire_schema, request.session, page.offset, {}, std::nullopt};
  return read_failures(record->status.output, request.session, page);
}

result<submit_reply> request_desk::submit(session_spec spec) {
  const auto session = spec.session_id ? *spec.session_id : fresh_id_();
  const auto asked = spec;
  const auto record = intake_.accept(std::move(spec), session, now_());
  if (!record)
    return tl::unexpected(record.error());
  const auto added = book_.add(*record);
  if (!added)
    return tl::unexpected(added.error());
  if (!*added)
    return known_already(asked, *record);
  return submit_reply{wire_schema, session, record->status.state};
}

result<submit_reply> request_desk::known_already(const session_spec& asked, const session_record& accepted) {
  const auto& session = accepted.status.session_id;
  const auto there = book_.look_up(session);
  if (!there)
    return tl::unexpected(there.error());
  if (!same_job(asked, accepted.spec, there->spec))
    return fail(failure_kind::session_conflict, "there is another session '" + session + "'",
                "use another session_id, or leave it out");
  const auto taken = book_.change(
      session, [&](session_record& record) -> result<bool> { return ask_update(record, asked); });
  if (!taken)
    return tl::unexpected(taken.error());
  return submit_reply{wire_schema, session, taken->status.state};
}

result<void> request_desk::take_job(const std::string& subject, const std::vector<std::byte>& payload,
                                    std::uint64_t delivered) {
  const auto session = last_token(subject);
  auto spec = decode<session_spec>(payload);
  if (spec && spec->session_id && *spec->session_id != session)
    spec = fail(failure_kind::usage, "the job on " + subject + " has session_id '" + *spec->session_id + "'",
                "publish it on the subject that ends in its session_id");
  result<submit_reply> made = tl::unexpected(failure{});
  if (spec) {
    spec->session_id = session;
    made = submit(*spec);
  } else {
    made = tl::unexpected(spec.error());
  }
  if (made)
    return {};
  const auto kind = made.error().kind;
  const bool nats = kind == failure_kind::nats_unreachable || kind == failure_kind::nats_timeout ||
                    kind == failure_kind::nats_protocol || kind == failure_kind::nats_denied;
  if (nats || (is_local(kind) && delivered < most_tries_of_a_job))
    return tl::unexpected(made.error());
  if (kind == failure_kind::session_conflict || !is_token(session))
    return {}; // the session of that id is somebody else's; a job without an id cannot be shown
  session_record refused;
  refused.wanted = "running";
  if (spec)
    refused.spec = *spec;
  auto& status = refused.status;
  status.session_id = session;
  status.state = "failed";
  status.reason = made.error().cause;
  status.code = code_of(kind);
  status.submitted_at = status.finished_at = now_();
  status.training_directory = refused.spec.training_directory;
  const auto added = book_.add(refused);
  return added ? result<void>() : tl::unexpected(added.error());
}

} // namespace trainyard
