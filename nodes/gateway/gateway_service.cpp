// The parts in the order in which they need one another; destruction goes the other way.
#include "nodes/gateway/gateway_service.hpp"

#include "messages/codec.hpp"
#include "nodes/gateway/cluster_calls.hpp"
#include "nodes/gateway/embedding_calls.hpp"
#include "nodes/gateway/gateway_desk.hpp"
#include "nodes/gateway/history_file.hpp"
#include "nodes/gateway/routes.hpp"
#include "nodes/http/http_server.hpp"
#include "nodes/nats/random_text.hpp"

namespace trainyard {

namespace {

using steady = std::chrono::steady_clock;

constexpr int seconds_between_writes = 15;

std::int64_t unix_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

http_limits limits() {
  http_limits all;
  for (const auto& each : routes())
    if (each.body_bytes > 0)
      all.body_bytes_at.emplace(each.path, each.body_bytes);
  return all;
}

} // namespace

struct gateway_service::state {
  fleet_board board; ///< the server's thread only
  std::unique_ptr<history_file> history;
  int seconds_unwritten = 0;
  std::unique_ptr<http_server> server;
  std::shared_ptr<connection> link;
  std::unique_ptr<cluster_calls> calls;
  std::unique_ptr<embedding_calls> embeddings;
  std::unique_ptr<gateway_desk> desk;
  subscription sessions_heard;
  subscription nodes_heard;

  ~state() {
    sessions_heard.close(); // their sinks post to the server
    nodes_heard.close();
    if (server)
      server->stop(); // nobody asks from here on
    if (history && desk)
      history->finish(board.remember(steady::now()));
    calls.reset();
    embeddings.reset();
  }

  /// Decoded on the connection's thread, kept on the server's, passed on to whoever listens.
  template <class Event>
  result<subscription> listen_to(const std::string& subject, const char* name) {
    return link->subscribe(subject, [this, name](const nats_message& message) {
      auto event = decode<Event>(message.payload);
      if (!event)
        return;
      server->publish(message.subject, name, to_json_text(*event));
      server->post(
          [this, event = std::move(*event)]() mutable { board.heard(std::move(event), steady::now()); });
    });
  }

  result<void> listen_to_events(const subjects& names) {
    auto sessions = listen_to<session_progress>(names.all_session_events(), "session");
    if (!sessions)
      return tl::unexpected(sessions.error());
    sessions_heard = std::move(*sessions);
    auto nodes = listen_to<node_heartbeat>(names.all_node_events(), "node");
    if (!nodes)
      return tl::unexpected(nodes.error());
    nodes_heard = std::move(*nodes);
    return {};
  }

  /// A gateway on any free port will not be found there again.
  void recall_history(const gateway_plan& plan) {
    const auto& [host, port] = plan.listen;
    history = std::make_unique<history_file>(port == 0 ? std::filesystem::path() : plan.state_folder,
                                             host + "-" + std::to_string(port));
    if (const auto before = history->read())
      (void)board.recall(*before, steady::now(), unix_seconds()); // from the future: as if there were none
  }

  void look() {
    board.sample(steady::now(), unix_seconds(), link->connected());
    if (++seconds_unwritten < seconds_between_writes)
      return;
    seconds_unwritten = 0;
    history->write_soon(board.remember(steady::now()));
  }

  void serve(const gateway_plan& plan, const std::string& version) {
    desk = std::make_unique<gateway_desk>(
        desk_settings{version, plan.names}, logins(plan.token, [] { return random_hex(32); }),
        desk_surroundings{*calls, *embeddings, board, [this] { return link->connected(); },
                          [this] { return server->figures(); }});
    recall_history(plan);
    server->each_second([this] { look(); });
    server->start(
        [this](http_request request, answer_sink done) { desk->serve(std::move(request), std::move(done)); });
  }
};

gateway_service::gateway_service(std::unique_ptr<state> made) : state_(std::move(made)) {}
gateway_service::~gateway_service() = default;

result<std::unique_ptr<gateway_service>>
gateway_service::start(const gateway_plan& plan, const std::string& version,
                       const std::function<result<api_client>()>& connect) {
  auto made = std::make_unique<state>();
  auto server = http_server::open(plan.listen, limits());
  if (!server)
    return tl::unexpected(server.error());
  made->server = std::move(*server);
  auto client = connect();
  if (!client)
    return tl::unexpected(client.error());
  made->link = client->link();
  made->calls = std::make_unique<cluster_calls>(
      *client, [of = made.get()](std::function<void()> task) { of->server->post(std::move(task)); });
  made->embeddings = std::make_unique<embedding_calls>(
      *client, [of = made.get()](std::function<void()> task) { of->server->post(std::move(task)); });
  if (auto heard = made->listen_to_events(client->names()); !heard)
    return tl::unexpected(heard.error());
  made->serve(plan, version);
  return std::unique_ptr<gateway_service>(new gateway_service(std::move(made)));
}

std::string gateway_service::url() const {
  return url_of(state_->server->where());
}

void gateway_service::drain(std::chrono::milliseconds patience, std::function<void()> done) {
  state_->server->drain(patience, std::move(done));
}

} // namespace trainyard
