// The gateway's page of metrics: the fleet as it sees it, and itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/fleet/fleet_board.hpp"
#include "nodes/gateway/session_pages.hpp"
#include "nodes/http/http_server.hpp"
#include "nodes/metrics/metrics_text.hpp"

namespace trainyard {

struct gateway_figures {
  std::string version;
  bool connected = false;                         ///< to NATS
  std::optional<std::vector<state_count>> states; ///< nothing: no coordinator answered
  http_figures http;
};

[[nodiscard]] std::string gateway_metrics(metrics_format format, const fleet_board& board,
                                          fleet_board::time_point now, const gateway_figures& figures);

} // namespace trainyard
