// In place of a coordinator's desk a small one answers the gateway; all else is what a fleet has.
#include "nodes/run/run_dashboard.hpp"

#include "actors/log_line.hpp"
#include "messages/codec.hpp"
#include "nodes/gateway/gateway_service.hpp"
#include "nodes/nats/nats_coordinator_service.hpp"
#include "nodes/run/run_answers.hpp"

namespace trainyard {

namespace {

connection_options login_of(const private_server& server) {
  connection_options options;
  options.urls = {server.url()};
  options.token = server.token();
  options.name = "trainyard dashboard";
  return options;
}

session_status known_of(const run_plan& plan) {
  session_status known;
  known.session_id = plan.session_id;
  known.state = "running";
  known.submitted_at = known.started_at = log_time(std::chrono::system_clock::now());
  known.training_directory = plan.directory.string();
  known.model = plan.worker.model.name;
  known.output = plan.out.string();
  known.coordinator = "this run";
  return known;
}

std::string refusal_of(const failure& why) {
  return to_json_text(error_reply{wire_schema, {code_of(why.kind), why.cause, why.remedy}});
}

} // namespace

struct run_dashboard::state {
  explicit state(const run_plan& plan) : answers(known_of(plan), plan.out) {}
  ~state() {
    service.reset(); // it asks
    for (auto* each : {&asked, &sessions, &nodes})
      each->close();
  }

  template <class Event>
  result<subscription> keep(const std::string& subject) {
    return link->subscribe(subject, [this](const nats_message& message) {
      if (const auto event = decode<Event>(message.payload))
        answers.heard(*event);
    });
  }

  result<void> answer_api() {
    auto heard = link->subscribe(names.all_api(), [this](const nats_message& message) {
      const auto request = parse_api_subject(names, message.subject);
      const auto said = answers.answer(request.verb, request.session, text_of(message.payload));
      const auto reply = said ? *said : refusal_of(said.error());
      (void)link->publish(message.reply, bytes_of(std::string_view(reply)));
    });
    if (!heard)
      return tl::unexpected(heard.error());
    asked = std::move(*heard);
    return {};
  }

  result<void> listen() {
    auto progress = keep<session_progress>(names.all_session_events());
    if (!progress)
      return tl::unexpected(progress.error());
    sessions = std::move(*progress);
    auto beats = keep<node_heartbeat>(names.all_node_events());
    if (!beats)
      return tl::unexpected(beats.error());
    nodes = std::move(*beats);
    return answer_api();
  }

  run_answers answers;
  subjects names;
  std::shared_ptr<connection> link;
  subscription asked;
  subscription sessions;
  subscription nodes;
  std::unique_ptr<gateway_service> service;
};

run_dashboard::run_dashboard(std::unique_ptr<state> made) : state_(std::move(made)) {}
run_dashboard::~run_dashboard() = default;

result<std::unique_ptr<run_dashboard>> run_dashboard::start(const private_server& server,
                                                            const run_plan& plan) {
  auto made = std::make_unique<state>(plan);
  auto link = connection::open(login_of(server));
  if (!link)
    return tl::unexpected(link.error());
  made->link = std::move(*link);
  if (auto heard = made->listen(); !heard)
    return tl::unexpected(heard.error());
  gateway_plan where;
  where.listen = {"127.0.0.1", 0};
  auto service = gateway_service::start(where, TRAINYARD_VERSION,
                                        [&] { return api_client::over(made->link, made->names); });
  if (!service)
    return tl::unexpected(service.error());
  made->service = std::move(*service);
  return std::unique_ptr<run_dashboard>(new run_dashboard(std::move(made)));
}

std::string run_dashboard::url() const {
  return state_->service->url();
}

} // namespace trainyard
