// Line by line as docs/metrics.md tells.
#include "nodes/gateway/fleet_metrics.hpp"

#include "nodes/metrics/device_metrics.hpp"
#include "nodes/metrics/process_metrics.hpp"
#include "nodes/metrics/rate_metrics.hpp"

namespace trainyard {
namespace {

void add_sessions(metrics_text& to, const fleet_board& board, fleet_board::time_point now,
                  const gateway_figures& figures) {
  add_connection_metric(to, figures.connected);
  to.family("trainyard_coordinator_up", metric_type::gauge, "", "1 when a coordinator answered this scrape.");
  to.sample(figures.states ? 1 : 0);
  if (figures.states) {
    to.family("trainyard_sessions", metric_type::gauge, "", "Sessions by state.");
    for (const auto& each : *figures.states)
      to.sample(static_cast<double>(each.sessions), {{"state", each.state}});
  }
  if (figures.connected) // else it would be what was
    add_rate_metrics(to, board, now);
}

void add_http(metrics_text& to, const http_figures& http) {
  to.family("trainyard_http_connections", metric_type::gauge, "", "Open connections, without event streams.");
  to.sample(static_cast<double>(http.connections));
  to.family("trainyard_http_event_streams", metric_type::gauge, "", "Open streams of server-sent events.");
  to.sample(static_cast<double>(http.event_streams));
  to.family("trainyard_http_requests", metric_type::counter, "", "Answers of this process by HTTP status.");
  for (const auto& [status, count] : http.answers)
    to.sample(static_cast<double>(count), {{"status", std::to_string(status)}});
}

} // namespace

std::string gateway_metrics(metrics_format format, const fleet_board& board, fleet_board::time_point now,
                            const gateway_figures& figures) {
  metrics_text text(format);
  add_sessions(text, board, now, figures);
  const auto page = board.nodes(now);
  add_worker_metrics(text, page.nodes);
  add_http(text, figures.http);
  add_process_metrics(text, "gateway", figures.version);
  return std::move(text).finish();
}

} // namespace trainyard
