// Pure: what a worker tells coordinators about itself and each of its devices.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "actors/throughput.hpp"
#include "messages/api.hpp"

namespace trainyard {

/// Not thread safe. Devices are numbered as in the heartbeat that it is made with.
class node_figures {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit node_figures(node_heartbeat of, time_point start = std::chrono::steady_clock::now());

  /// `state`: ready, quarantined, lost. A number beyond the list is ignored.
  void device_is(std::uint32_t device, const std::string& state);
  void embedded(std::uint32_t device, const batch_result& done, time_point now);
  [[nodiscard]] node_heartbeat heartbeat(std::size_t credit, std::size_t in_hand, bool draining,
                                         time_point now) const;

private:
  node_heartbeat base_;
  std::vector<throughput> rates_;
};

} // namespace trainyard
