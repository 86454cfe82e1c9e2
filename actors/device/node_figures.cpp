// Figures of the last results, rates over the last seconds.
#include "actors/device/node_figures.hpp"

namespace trainyard {

node_figures::node_figures(node_heartbeat of, time_point start)
    : base_(std::move(of)), rates_(base_.devices.size(), throughput(start)) {}

void node_figures::device_is(std::uint32_t device, const std::string& state) {
  if (device < base_.devices.size())
    base_.devices[device].state = state;
}

void node_figures::embedded(std::uint32_t device, const batch_result& done, time_point now) {
  if (device >= base_.devices.size())
    return;
  auto& figures = base_.devices[device];
  figures.images += done.embedded.size();
  ++figures.batches;
  figures.memory_bytes = done.memory.after_bytes;
  figures.memory_peak_bytes = std::max(figures.memory_peak_bytes, done.memory.peak_bytes);
  figures.memory_limit_bytes = done.memory.limit_bytes;
  rates_[device].add(done.embedded.size() + done.failed.size(), now);
}

node_heartbeat node_figures::heartbeat(std::size_t credit, std::size_t in_hand, bool draining,
                                       time_point now) const {
  auto beat = base_;
  beat.credit = credit;
  beat.in_hand = in_hand;
  beat.draining = draining;
  for (std::size_t i = 0; i < beat.devices.size(); ++i) {
    beat.devices[i].images_per_second = rates_[i].images_per_second(now);
    beat.images_per_second += beat.devices[i].images_per_second;
  }
  return beat;
}

} // namespace trainyard
