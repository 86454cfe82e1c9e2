// A request is JSON; so is its reply, or the coordinator speaks another protocol.
#include "nodes/client/api_client.hpp"

#include <nlohmann/json.hpp>

#include "nodes/cluster/connection_settings.hpp"
#include "nodes/nats/permission_complaint.hpp"

namespace trainyard {
namespace {

std::string text_in(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

constexpr int tries = 5;

failure no_coordinator(const std::string& subject, const std::string& url) {
  return {failure_kind::nats_unreachable,
          "no coordinator answers at " + url + " (nobody serves " + subject + ")",
          "start `trainyard coordinator` there, or correct --nats, --context or --nats-prefix"};
}

failure explained(failure why, const connection& link) {
  if (why.kind == failure_kind::nats_timeout && complains_of_permission(link))
    return {failure_kind::nats_denied, std::move(why.cause), "allow this login the subjects of trainyard"};
  if (why.kind == failure_kind::nats_timeout)
    why.remedy = "the coordinator may be busy or ending: try again";
  return why;
}

} // namespace

std::optional<failure> refusal_in(const nlohmann::json& object) {
  const auto error = object.find("error");
  if (error == object.end() || !error->is_object())
    return std::nullopt;
  const auto code = text_in(*error, "code");
  const auto message = text_in(*error, "message");
  if (const auto kind = kind_of_code(code))
    return failure{*kind, message, text_in(*error, "remedy")};
  return failure{failure_kind::nats_protocol, message.empty() ? "the coordinator refused" : message,
                 text_in(*error, "remedy")};
}

result<api_client> api_client::open(const settings& from, const std::string& role) {
  auto plan = connection_settings(from, role, process_environment());
  if (!plan)
    return tl::unexpected(plan.error());
  auto link = connection::open(std::move(plan->options));
  if (!link)
    return tl::unexpected(link.error());
  return over(std::move(*link), std::move(plan->names));
}

result<api_client> api_client::over(std::shared_ptr<connection> link, subjects names) {
  auto box = inbox::open(std::move(link));
  if (!box)
    return tl::unexpected(box.error());
  return api_client(std::move(*box), std::move(names));
}

/// Coordinators share requests, and one that is halted or cut off gets its part of them: what may be asked
/// twice goes to another one after a while.
result<nats_message> api_client::answer_to(std::string_view verb, const std::string& subject,
                                           std::string_view payload) {
  const auto ask = [&](std::chrono::milliseconds timeout) {
    request what;
    what.subject = subject;
    what.headers = {{"Content-Type", "application/json"}};
    what.payload = payload_of(payload);
    what.timeout = timeout;
    return box_->call(std::move(what));
  };
  if (verb == "retry") // the second one would be told that the session has not ended
    return ask(timeout_);
  auto reply = ask(timeout_ / tries);
  for (int again = 1; again < tries && !reply && reply.error().kind == failure_kind::nats_timeout; ++again)
    reply = ask(timeout_ / tries);
  return reply;
}

result<std::string> api_client::call(std::string_view verb, std::string_view session,
                                     std::string_view payload, bool* nobody) {
  const auto subject = names_.api(verb, session);
  const auto before = link()->incarnation();
  const auto reply = answer_to(verb, subject, payload);
  if (!reply) {
    // Sent over a connection that held, unreachable can only mean that nobody has subscribed.
    const bool held = link()->connected() && link()->incarnation() == before;
    const bool alone = held && reply.error().kind == failure_kind::nats_unreachable;
    if (nobody)
      *nobody = alone;
    return tl::unexpected(alone ? no_coordinator(subject, link()->safe_url())
                                : explained(reply.error(), *link()));
  }
  const auto text = text_of(reply->payload);
  const auto parsed = parse_json_limited(text);
  if (!parsed)
    return fail(failure_kind::message_invalid, "the answer to " + subject + " is " + parsed.error().cause,
                "run the same version of trainyard everywhere");
  if (auto refused = refusal_in(*parsed))
    return tl::unexpected(std::move(*refused));
  return nlohmann::ordered_json::parse(text).dump(); // on one line, with fields that we do not know
}

} // namespace trainyard
