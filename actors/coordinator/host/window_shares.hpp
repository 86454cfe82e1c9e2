// Pure: how many batches in flight each session of a pool gets, by its weight.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace trainyard {

struct share_claim {
  std::string session;
  double weight = 1; ///< > 0
};

/// Of a pool whose live workers want to hold `credit` batches, twice that are in flight, so that the queue
/// does not run dry while results travel; each session gets its weight's part, rounded up, so that none
/// stands still. Without workers a few lie ready for the first that comes. In the order of `claims`.
[[nodiscard]] inline std::vector<std::size_t> window_shares(const std::vector<share_claim>& claims,
                                                            std::uint64_t credit) {
  constexpr double ready_without_workers = 4;
  const auto total = credit > 0 ? 2 * static_cast<double>(credit) : ready_without_workers;
  double weights = 0;
  for (const auto& each : claims)
    weights += each.weight;
  std::vector<std::size_t> shares;
  for (const auto& each : claims)
    shares.push_back(
        std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(total * each.weight / weights))));
  return shares;
}

} // namespace trainyard
