// Read only, so that it may stand open to a scraper: three paths, GET and HEAD.
#include "nodes/metrics/role_metrics.hpp"

#include <algorithm>

#include "actors/log.hpp"
#include "messages/codec.hpp"
#include "messages/http_failure.hpp"
#include "nodes/fleet/fleet_board.hpp"
#include "nodes/http/problem.hpp"
#include "nodes/metrics/device_metrics.hpp"
#include "nodes/metrics/process_metrics.hpp"
#include "nodes/metrics/rate_metrics.hpp"

namespace trainyard {
namespace {

fleet_board::time_point now() {
  return fleet_board::time_point::clock::now();
}

http_answer text_answer(int status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text)};
}

} // namespace

struct role_metrics::state {
  role_facts facts;
  fleet_board board; ///< the server's thread only
  std::unique_ptr<http_server> server;

  ~state() {
    if (server)
      server->stop();
  }

  [[nodiscard]] bool is_worker() const { return facts.role == "worker"; }

  void sample() {
    const auto time_of_day = std::chrono::system_clock::now().time_since_epoch();
    board.sample(now(), std::chrono::duration_cast<std::chrono::seconds>(time_of_day).count(),
                 facts.connected());
  }

  [[nodiscard]] http_answer metrics(const http_request& request) const {
    const auto format = metrics_format_of(header_of(request, "Accept").value_or(""));
    metrics_text text(format);
    add_connection_metric(text, facts.connected());
    if (is_worker())
      add_worker_metrics(text, board.nodes(now()).nodes);
    else
      add_rate_metrics(text, board, now());
    add_process_metrics(text, facts.role, facts.version);
    return {200, std::string(content_type_of(format)), std::move(text).finish()};
  }

  /// A worker that drains, or has no device that takes work, is alive but not ready.
  [[nodiscard]] http_answer ready() const {
    if (!facts.connected())
      return text_answer(503, "[-] nats: no connection\nnot ready\n");
    const auto page = board.nodes(now());
    const auto works = [](const node_view& node) {
      return node.state == "live" && std::ranges::any_of(node.devices, [](const device_status& each) {
               return each.state == "ready";
             });
    };
    const bool good = !is_worker() || std::ranges::any_of(page.nodes, works);
    return good ? text_answer(200, "ready\n") : text_answer(503, "[-] devices: none takes work\nnot ready\n");
  }

  [[nodiscard]] http_answer answer(const http_request& request) const {
    const auto path = std::string_view(request.target).substr(0, request.target.find('?'));
    const bool known = path == "/metrics" || path == "/livez" || path == "/readyz";
    if (known && request.method != "GET" && request.method != "HEAD") {
      auto refused = problem_answer(
          405, {kind_of(http_failure::request_invalid), "this is only for reading", "use GET"});
      refused.headers.emplace_back("Allow", "GET, HEAD");
      return refused;
    }
    if (path == "/metrics")
      return metrics(request);
    if (path == "/livez")
      return text_answer(200, "ok\n");
    if (path == "/readyz")
      return ready();
    return problem_answer(404, {kind_of(http_failure::request_invalid), "there is nothing here",
                                "there are /metrics, /livez and /readyz; the API is the gateway's"});
  }
};

role_metrics::role_metrics(std::unique_ptr<state> made) : state_(std::move(made)) {}
role_metrics::~role_metrics() = default;

result<std::unique_ptr<role_metrics>> role_metrics::open(const settings& from, role_facts facts) {
  const auto& text = from.text("metrics.listen");
  if (text.empty())
    return std::unique_ptr<role_metrics>();
  const auto where = parse_listen_address(text, "metrics.listen");
  if (!where)
    return tl::unexpected(where.error());
  auto server = http_server::open(*where);
  if (!server)
    return tl::unexpected(server.error());
  auto made = std::make_unique<state>();
  made->facts = std::move(facts);
  made->server = std::move(*server);
  made->server->each_second([of = made.get()] { of->sample(); });
  made->server->start(
      [of = made.get()](const http_request& request, const answer_sink& done) { done(of->answer(request)); });
  log(log_level::info, made->facts.role, "metrics at " + url_of(made->server->where()) + "/metrics");
  return std::unique_ptr<role_metrics>(new role_metrics(std::move(made)));
}

void role_metrics::saw(const std::vector<std::byte>& event) {
  if (auto beat = decode<node_heartbeat>(event))
    return state_->server->post(
        [of = state_.get(), beat = std::move(*beat)] { of->board.heard(beat, now()); });
  if (auto progress = decode<session_progress>(event))
    state_->server->post(
        [of = state_.get(), progress = std::move(*progress)] { of->board.heard(progress, now()); });
}

const listen_address& role_metrics::where() const {
  return state_->server->where();
}

} // namespace trainyard
