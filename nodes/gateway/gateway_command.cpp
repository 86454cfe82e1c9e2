// From settings to a gateway that serves until a signal, then ends what it has begun to answer.
#include "nodes/gateway/gateway_command.hpp"

#include "messages/codec.hpp"
#include "nodes/client/api_client.hpp"
#include "nodes/cluster/serve.hpp"
#include "nodes/gateway/cluster_calls.hpp"
#include "nodes/gateway/gateway_desk.hpp"
#include "nodes/gateway/gateway_plan.hpp"
#include "nodes/http/http_server.hpp"
#include "nodes/nats/random_text.hpp"

namespace trainyard {

namespace {

constexpr std::chrono::seconds drain_patience{5};

std::int64_t unix_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// The parts in the order in which they need one another; the destructor goes the other way.
class gateway_process {
public:
  result<void> start(const settings& from, node_events& events) {
    events_ = &events;
    auto plan = plan_gateway(from);
    if (!plan)
      return tl::unexpected(plan.error());
    auto server = http_server::open(plan->listen);
    if (!server)
      return tl::unexpected(server.error());
    auto client = api_client::open(from, "trainyard gateway");
    if (!client)
      return tl::unexpected(client.error());
    server_ = std::move(*server);
    link_ = client->link();
    calls_ = std::make_unique<cluster_calls>(
        *client, [this](std::function<void()> task) { server_->post(std::move(task)); });
    if (auto heard = listen_to_events(client->names()); !heard)
      return heard;
    start_serving(*plan);
    name_ = "on " + url_of(server_->where());
    return {};
  }

  void drain() {
    server_->drain(drain_patience, [this] { events_->push({node_event::what::drained}); });
  }

  [[nodiscard]] const std::string& node() const { return name_; }

  ~gateway_process() {
    sessions_heard_.close(); // their sinks post to the server
    nodes_heard_.close();
    if (server_)
      server_->stop(); // nobody asks from here on
    calls_.reset();
  }

private:
  void start_serving(const gateway_plan& plan) {
    desk_ = std::make_unique<gateway_desk>(
        desk_settings{TRAINYARD_VERSION, plan.names}, logins(plan.token, [] { return random_hex(32); }),
        desk_surroundings{*calls_, board_, [this] { return link_->connected(); },
                          [this] { return server_->figures(); }});
    server_->each_second(
        [this] { board_.sample(std::chrono::steady_clock::now(), unix_seconds(), link_->connected()); });
    server_->start([this](http_request request, answer_sink done) {
      desk_->serve(std::move(request), std::move(done));
    });
  }

  /// Decoded on the connection's thread, kept on the server's, passed on to whoever listens.
  template <class Event>
  result<subscription> listen_to(const std::string& subject, const char* name) {
    return link_->subscribe(subject, [this, name](const nats_message& message) {
      auto event = decode<Event>(message.payload);
      if (!event)
        return;
      server_->publish(message.subject, name, to_json_text(*event));
      server_->post([this, event = std::move(*event)]() mutable {
        board_.heard(std::move(event), std::chrono::steady_clock::now());
      });
    });
  }

  result<void> listen_to_events(const subjects& names) {
    auto sessions = listen_to<session_progress>(names.all_session_events(), "session");
    if (!sessions)
      return tl::unexpected(sessions.error());
    sessions_heard_ = std::move(*sessions);
    auto nodes = listen_to<node_heartbeat>(names.all_node_events(), "node");
    if (!nodes)
      return tl::unexpected(nodes.error());
    nodes_heard_ = std::move(*nodes);
    return {};
  }

  node_events* events_ = nullptr;
  std::string name_;
  fleet_board board_; ///< the server's thread only
  std::unique_ptr<http_server> server_;
  std::shared_ptr<connection> link_;
  std::unique_ptr<cluster_calls> calls_;
  std::unique_ptr<gateway_desk> desk_;
  subscription sessions_heard_;
  subscription nodes_heard_;
};

} // namespace

int gateway_command(const settings& from) {
  return serve<gateway_process>(from,
                                {"Gateway", "serves until it is stopped", "ending what is being answered",
                                 "Some answers were not taken in time"});
}

} // namespace trainyard
