// Workers and their devices as metrics, from their heartbeats.
#pragma once

#include <span>

#include "nodes/fleet/fleet_views.hpp"
#include "nodes/metrics/metrics_text.hpp"

namespace trainyard {

void add_worker_metrics(metrics_text& to, std::span<const node_view> nodes);

} // namespace trainyard
