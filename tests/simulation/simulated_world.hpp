// One seed: a session, its fleet, what befalls them, and whether every promise was kept.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "tests/simulation/surroundings.hpp"

namespace trainyard::simulation {

struct world_report {
  std::optional<std::string> broken; ///< the first promise that was
  std::uint64_t steps = 0;
  std::uint64_t fingerprint = 0; ///< two runs of a seed have the same
  duration recovery{};           ///< from the end of all faults to closed books
  std::uint64_t faults = 0;
  std::uint64_t ended_by_poison = 0; ///< workers
  std::uint64_t takeovers = 0;       ///< epochs beyond the first
};

/// `plant` may change the surroundings before anything runs: the bugs that the promises must catch.
[[nodiscard]] world_report live_through(std::uint64_t seed,
                                        const std::function<void(surroundings&)>& plant = {});

} // namespace trainyard::simulation
