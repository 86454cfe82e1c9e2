// Family by family, since all samples of one must stand together.
#include "nodes/metrics/device_metrics.hpp"

namespace trainyard {
namespace {

template <class Value>
void per_device(metrics_text& to, std::span<const node_view> nodes, Value&& value) {
  for (const auto& node : nodes) {
    if (node.state == "gone")
      continue; // unknown, not as it was
    for (const auto& device : node.devices)
      to.sample(static_cast<double>(value(device)), {{"node", node.node}, {"device", device.id}});
  }
}

} // namespace

void add_worker_metrics(metrics_text& to, std::span<const node_view> nodes) {
  to.family("trainyard_worker_up", metric_type::gauge, "", "1 while the worker's heartbeats come, else 0.");
  for (const auto& node : nodes)
    to.sample(node.state == "live" || node.state == "draining" ? 1 : 0, {{"node", node.node}});
  to.family("trainyard_worker_last_seen_timestamp_seconds", metric_type::gauge, "seconds",
            "When the worker was heard last.");
  for (const auto& node : nodes)
    to.sample(node.last_seen, {{"node", node.node}});
  to.family("trainyard_worker_batches_in_hand", metric_type::gauge, "", "Batches that the worker holds.");
  for (const auto& node : nodes)
    if (node.state != "gone")
      to.sample(static_cast<double>(node.in_hand), {{"node", node.node}});
  to.family("trainyard_device", metric_type::info, "", "What the device is and embeds with.");
  for (const auto& node : nodes)
    for (const auto& device : node.devices)
      to.sample(1, {{"node", node.node},
                    {"device", device.id},
                    {"kind", device.kind},
                    {"name", device.name},
                    {"model", device.model},
                    {"precision", device.precision}});
  to.family("trainyard_device_ready", metric_type::gauge, "", "1 while the device takes work, else 0.");
  per_device(to, nodes, [](const device_status& each) { return each.state == "ready" ? 1 : 0; });
  to.family("trainyard_device_images", metric_type::counter, "",
            "Images that the device embedded since its worker started.");
  per_device(to, nodes, [](const device_status& each) { return each.images; });
  to.family("trainyard_device_batches", metric_type::counter, "",
            "Batches that the device worked on since its worker started.");
  per_device(to, nodes, [](const device_status& each) { return each.batches; });
  to.family("trainyard_device_memory_allocated_bytes", metric_type::gauge, "bytes",
            "Memory in use on the device after its last batch.");
  per_device(to, nodes, [](const device_status& each) { return each.memory_bytes; });
  to.family("trainyard_device_memory_peak_bytes", metric_type::gauge, "bytes",
            "Most memory in use on the device so far.");
  per_device(to, nodes, [](const device_status& each) { return each.memory_peak_bytes; });
  to.family("trainyard_device_memory_limit_bytes", metric_type::gauge, "bytes",
            "Memory that trainyard may use on the device; 0 is unknown.");
  per_device(to, nodes, [](const device_status& each) { return each.memory_limit_bytes; });
}

} // namespace trainyard
