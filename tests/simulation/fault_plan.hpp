// What befalls a fleet, and when: chosen by the seed.
#pragma once

#include <vector>

#include "tests/simulation/simulated_coordinator.hpp"
#include "tests/simulation/simulated_worker.hpp"

namespace trainyard::simulation {

struct fleet {
  std::vector<std::unique_ptr<simulated_coordinator>> coordinators;
  std::vector<std::unique_ptr<simulated_worker>> workers;
};

inline constexpr std::chrono::seconds faults_end{90};
/// What was halted or cut off at the last moment is back by then.
inline constexpr std::chrono::seconds all_healed{150};

/// Asks the timeline for all of it; returns how many.
std::uint64_t plan_faults(surroundings& around, fleet& all);

} // namespace trainyard::simulation
