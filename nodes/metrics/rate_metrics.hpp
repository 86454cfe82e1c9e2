// How fast the sessions are that a process hears of, as metrics.
#pragma once

#include "nodes/fleet/fleet_board.hpp"
#include "nodes/metrics/metrics_text.hpp"

namespace trainyard {

void add_connection_metric(metrics_text& to, bool connected);
void add_rate_metrics(metrics_text& to, const fleet_board& board, fleet_board::time_point now);

} // namespace trainyard
