// Three gauges.
#include "nodes/metrics/rate_metrics.hpp"

namespace trainyard {

void add_connection_metric(metrics_text& to, bool connected) {
  to.family("trainyard_nats_connected", metric_type::gauge, "", "1 while this process is connected to NATS.");
  to.sample(connected ? 1 : 0);
}

void add_rate_metrics(metrics_text& to, const fleet_board& board, fleet_board::time_point now) {
  to.family("trainyard_images_per_second", metric_type::gauge, "",
            "Images embedded per second, of all sessions.");
  to.sample(board.images_per_second(now));
  to.family("trainyard_batches_in_flight", metric_type::gauge, "",
            "Batches sent and not back, of all sessions.");
  to.sample(static_cast<double>(board.batches_in_flight(now)));
}

} // namespace trainyard
