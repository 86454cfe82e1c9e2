// What the desk puts together from several answers: dead letters, health, metrics, readiness.
#include <memory>
#include <set>
#include <span>

#include "messages/json_codec.hpp"
#include "nodes/gateway/answers.hpp"
#include "nodes/gateway/dead_letters.hpp"
#include "nodes/gateway/fleet_health.hpp"
#include "nodes/gateway/fleet_metrics.hpp"
#include "nodes/gateway/gateway_visit.hpp"
#include "nodes/gateway/session_pages.hpp"
#include "nodes/http/problem.hpp"

namespace trainyard {

namespace {

fleet_board::time_point now() {
  return fleet_board::time_point::clock::now();
}

template <class Wire>
result<Wire> value_in(const result<std::string>& line) {
  if (!line)
    return tl::unexpected(line.error());
  return from_json_text<Wire>(std::as_bytes(std::span(*line)));
}

} // namespace

/// All sessions, page by page; then a page of failures that grows by what each of its sessions tells.
struct gateway_desk::dead_letter_walk {
  visit what;
  std::uint64_t offset = 0;
  std::uint64_t limit = 0;
  std::vector<session_status> sessions{};
  std::set<std::string> known{}; ///< their ids
  dead_letter_plan plan{};
  std::size_t at = 0;
};

void gateway_desk::dead_letters(visit what) {
  const auto offset = number_parameter(what.target, "offset", 0, 0, 1'000'000'000'000);
  const auto limit = number_parameter(what.target, "limit", 50, 1, 200);
  if (!offset || !limit)
    return what.done(problem_answer(offset ? limit.error() : offset.error()));
  next_sessions(std::make_shared<dead_letter_walk>(dead_letter_walk{std::move(what), *offset, *limit}));
}

void gateway_desk::next_sessions(std::shared_ptr<dead_letter_walk> walk) {
  list_request wanted;
  wanted.offset = walk->sessions.size();
  wanted.limit = most_sessions_listed;
  around_.cluster.ask({"list", {}, to_json_text(wanted)}, [this, walk](const result<std::string>& line) {
    auto some = value_in<session_list>(line);
    if (!some)
      return walk->what.done(line ? problem_answer(502, some.error()) : problem_answer(line.error()));
    const auto before = walk->sessions.size();
    for (auto& each : some->sessions) // one that was submitted meanwhile moves the others on
      if (walk->known.insert(each.session_id).second)
        walk->sessions.push_back(std::move(each));
    if (walk->sessions.size() > before && walk->sessions.size() < some->total)
      return next_sessions(walk);
    walk->plan = plan_dead_letters(walk->sessions, walk->offset, walk->limit);
    next_part(walk);
  });
}

void gateway_desk::next_part(std::shared_ptr<dead_letter_walk> walk) {
  auto& page = walk->plan.page;
  if (walk->at == walk->plan.parts.size())
    return walk->what.done(unless_known(walk->what.request, json_answer(200, to_json_text(page))));
  const auto& part = walk->plan.parts[walk->at];
  around_.cluster.ask({"failures", part.session, to_json_text(part.wanted)},
                      [this, walk](const result<std::string>& line) {
                        const auto& asked = walk->plan.parts[walk->at++];
                        if (auto given = value_in<failure_page>(line))
                          add_to(walk->plan.page, asked, std::move(*given));
                        else
                          walk->plan.page.unreadable.push_back(asked.session);
                        next_part(walk);
                      });
}

void gateway_desk::health(visit what) {
  around_.cluster.ask(
      {"list", {}, "{}"}, [this, what = std::move(what)](const result<std::string>& list) mutable {
        auto facts = std::make_shared<fleet_facts>();
        facts->connected = around_.connected();
        facts->workers = around_.board.nodes(now());
        if (auto sessions = value_in<session_list>(list))
          facts->sessions = std::move(*sessions);
        around_.cluster.ask(
            {"streams", {}, "{}"}, [facts, what = std::move(what)](const result<std::string>& line) {
              if (auto streams = value_in<stream_list>(line))
                facts->streams = std::move(*streams);
              what.done(unless_known(what.request, json_answer(200, to_json_text(health_of(*facts)))));
            });
      });
}

void gateway_desk::metrics(visit what) {
  cluster_question counts{"list", {}, R"({"limit":1})"}; // the counts are of all
  around_.cluster.ask(std::move(counts), [this, what = std::move(what)](const result<std::string>& line) {
    gateway_figures figures;
    figures.version = settings_.version;
    figures.connected = around_.connected();
    figures.http = around_.figures();
    if (const auto all = value_in<session_list>(line))
      figures.states = all->states;
    const auto format = metrics_format_of(header_of(what.request, "Accept").value_or(""));
    what.done(
        {200, std::string(content_type_of(format)), gateway_metrics(format, around_.board, now(), figures)});
  });
}

void gateway_desk::ready(visit what) {
  if (!around_.connected())
    return what.done(text_answer(503, "[-] nats: no connection\nnot ready\n"));
  around_.cluster.ask({"devices", {}, "{}"}, [this, what = std::move(what)](result<std::string> line) {
    const bool good = line.has_value();
    const auto workers = around_.board.live_workers(now());
    std::string text;
    if (parameter(what.target, "verbose"))
      text = "[+] nats: connected\n" +
             (good ? std::string("[+] coordinator: answers\n")
                   : "[-] coordinator: " + line.error().cause + "\n") +
             "[i] workers: " + std::to_string(workers) + " live\n";
    what.done(text_answer(good ? 200 : 503, text + (good ? "ready\n" : "not ready\n")));
  });
}

} // namespace trainyard
