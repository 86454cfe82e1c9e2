// The order of the checks is that of docs/http.md: name, path, method, page, body, login, parameters.
#include "nodes/gateway/gateway_desk.hpp"

#include <algorithm>
#include <span>

#include "messages/http_failure.hpp"
#include "messages/json_codec.hpp"
#include "messages/subjects.hpp"
#include "nodes/gateway/answers.hpp"
#include "nodes/gateway/dashboard_files.hpp"
#include "nodes/gateway/gateway_visit.hpp"
#include "nodes/gateway/openapi.hpp"
#include "nodes/gateway/request_bodies.hpp"
#include "nodes/gateway/session_pages.hpp"
#include "nodes/http/guard.hpp"
#include "nodes/http/problem.hpp"

namespace trainyard {

namespace {

fleet_board::time_point now() {
  return fleet_board::time_point::clock::now();
}

const dashboard_file* file_at(std::string_view target) {
  const auto path = target.substr(0, target.find('?'));
  const auto found = std::ranges::find(dashboard_files(), path, &dashboard_file::path);
  return found == dashboard_files().end() ? nullptr : &*found;
}

http_answer no_page(const http_request& of) {
  return problem_answer(
      404, {kind_of(http_failure::request_invalid),
            "there is nothing at '" + of.target.substr(0, of.target.find('?')).substr(0, 200) + "'",
            "see /api/v1/openapi.json for what there is"});
}

http_answer wrong_method(const std::string& allow) {
  auto answer = problem_answer(405, {kind_of(http_failure::request_invalid),
                                     "this method is not for this path", "use one of: " + allow});
  answer.headers.emplace_back("Allow", allow);
  return answer;
}

/// Parameters that the route does not know, or that stand twice.
std::optional<http_answer> refuse_parameters(const http_target& target, const route& which) {
  for (const auto& [name, value] : target.query) {
    const auto known = std::ranges::find(which.query, name, &query_parameter::name);
    const auto times = std::ranges::count(target.query, name, &std::pair<std::string, std::string>::first);
    const bool choice = known != which.query.end() && !known->choices.empty();
    if (known == which.query.end() || times > 1 || (choice && !is_choice(known->choices, value)))
      return problem_answer({kind_of(http_failure::request_invalid),
                             "the parameter " + name + " is '" + value + "'",
                             "see /api/v1/openapi.json for the parameters of this path"});
  }
  return std::nullopt;
}

} // namespace

gateway_desk::gateway_desk(desk_settings settings, logins door, desk_surroundings around)
    : settings_(std::move(settings)), door_(std::move(door)), around_(std::move(around)),
      openapi_(openapi_document(settings_.version).dump()) {}

void gateway_desk::serve(http_request request, answer_sink done) {
  if (auto refused = refuse_host(request, settings_.names))
    return done(std::move(*refused));
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (const auto* file = file_at(request.target))
    return done(reads ? unless_known(request, file_answer(*file)) : wrong_method("GET, HEAD"));
  auto target = parse_target(request.target);
  if (!target)
    return done(problem_answer(target.error()));
  const auto found = find_route(request.method, target->segments);
  if (const auto* other = std::get_if<other_method>(&found))
    return done(wrong_method(other->allow));
  const auto* to = std::get_if<found_route>(&found);
  if (!to)
    return done(no_page(request));
  if (auto refused = refuse(request, *to->which, now()))
    return done(std::move(*refused));
  if (auto refused = refuse_parameters(*target, *to->which))
    return done(std::move(*refused));
  if (to->which->path.find("{id}") != std::string_view::npos && !is_token(to->session))
    return done(problem_answer(404, {failure_kind::session_unknown, "there is no session of that id",
                                     "an id has 1 to 64 letters, digits, - or _"}));
  act({std::move(request), *to->which, to->session, std::move(*target), std::move(done)});
}

std::optional<http_answer> gateway_desk::refuse(const http_request& request, const route& which,
                                                time_point at) {
  if (which.method == "POST") {
    if (auto refused = refuse_origin(request))
      return refused;
    if (auto refused = refuse_body_type(request, which.body_type))
      return refused;
  }
  if (which.open)
    return std::nullopt;
  const auto admitted = door_.admit(request, at);
  return admitted ? std::nullopt : std::optional(problem_answer(admitted.error()));
}

void gateway_desk::act(visit what) {
  const auto answer = [&](http_answer given) { what.done(unless_known(what.request, std::move(given))); };
  switch (what.which.what) {
  case operation::submit:
    return submit(std::move(what));
  case operation::about_session:
    return change(std::move(what));
  case operation::list:
    return list(std::move(what));
  case operation::failures:
    return failures(std::move(what));
  case operation::devices:
    return ask(std::move(what), "{}");
  case operation::dead_letters:
    return dead_letters(std::move(what));
  case operation::health:
    return health(std::move(what));
  case operation::log_in:
    return log_in(std::move(what));
  case operation::log_out:
    return log_out(std::move(what));
  case operation::metrics:
    return metrics(std::move(what));
  case operation::readyz:
    return ready(std::move(what));
  case operation::nodes:
    return answer(json_answer(200, to_json_text(around_.board.nodes(now()))));
  case operation::history:
    return answer(json_answer(200, to_json_text(around_.board.history())));
  case operation::session_history:
    return answer(json_answer(200, to_json_text(around_.board.history_of(what.session))));
  case operation::openapi:
    return answer(json_answer(200, openapi_));
  case operation::embeddings:
    return embeddings(std::move(what));
  case operation::predict:
    return predict(std::move(what));
  case operation::ping:
    return answer(text_answer(200, "pong"));
  case operation::livez:
    return answer(text_answer(200, "ok\n"));
  case operation::events:
    return what.done({200, std::string(what.which.content_type), "", {}, true});
  case operation::file:
    return what.done(no_page(what.request));
  }
}

/// The cluster's answer is ours.
void gateway_desk::ask(visit what, std::string payload) {
  cluster_question question{std::string(what.which.verb), what.session, std::move(payload)};
  around_.cluster.ask(std::move(question), [what = std::move(what)](result<std::string> line) {
    if (!line)
      return what.done(problem_answer(line.error()));
    auto answer = json_answer(what.which.status, std::move(*line));
    what.done(what.which.method == "GET" ? unless_known(what.request, std::move(answer)) : std::move(answer));
  });
}

void gateway_desk::submit(visit what) {
  auto spec = new_session_of(what.request.body);
  if (!spec)
    return what.done(problem_answer(spec.error()));
  cluster_question question{"submit", {}, to_json_text(*spec)};
  around_.cluster.ask(std::move(question), [done = std::move(what.done)](result<std::string> line) {
    if (!line)
      return done(problem_answer(line.error()));
    const auto made = from_json_text<session_status>(std::as_bytes(std::span(*line)));
    auto answer = json_answer(201, std::move(*line));
    if (made)
      answer.headers.emplace_back("Location", "/api/v1/training/sessions/" + made->session_id);
    done(std::move(answer));
  });
}

void gateway_desk::change(visit what) {
  if (what.which.method == "POST")
    if (const auto empty = expect_empty(what.request.body); !empty)
      return what.done(problem_answer(empty.error()));
  ask(std::move(what), "{}");
}

void gateway_desk::list(visit what) {
  const auto offset = number_parameter(what.target, "offset", 0, 0, 1'000'000);
  const auto limit = number_parameter(what.target, "limit", 100, 1, most_sessions_listed);
  if (!offset || !limit)
    return what.done(problem_answer(offset ? limit.error() : offset.error()));
  list_request wanted;
  wanted.state = std::string(parameter(what.target, "state").value_or(""));
  wanted.offset = *offset;
  wanted.limit = *limit;
  around_.cluster.ask({"list", {}, to_json_text(wanted)}, [what = std::move(what),
                                                           wanted](result<std::string> line) {
    if (!line)
      return what.done(problem_answer(line.error()));
    auto all = from_json_text<session_list>(std::as_bytes(std::span(*line)));
    if (!all)
      return what.done(problem_answer(502, all.error()));
    what.done(unless_known(what.request, json_answer(200, to_json_text(page_of(std::move(*all), wanted)))));
  });
}

void gateway_desk::failures(visit what) {
  const auto offset = number_parameter(what.target, "offset", 0, 0, 1'000'000'000'000);
  const auto limit = number_parameter(what.target, "limit", 100, 1, 1000);
  if (!offset || !limit)
    return what.done(problem_answer(offset ? limit.error() : offset.error()));
  ask(std::move(what), to_json_text(failures_request{*offset, *limit}));
}

void gateway_desk::log_in(visit what) {
  const auto token = token_of(what.request.body);
  const auto cookie = token ? door_.log_in(*token, what.request.peer, now())
                            : result<std::string>(tl::unexpected(token.error()));
  if (!cookie)
    return what.done(problem_answer(cookie.error()));
  what.done({204, "", "", {{"Set-Cookie", *cookie}}});
}

void gateway_desk::log_out(visit what) {
  if (const auto empty = expect_empty(what.request.body); !empty)
    return what.done(problem_answer(empty.error()));
  what.done({204, "", "", {{"Set-Cookie", door_.log_out(what.request)}}});
}

} // namespace trainyard
