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

struct fault_times {
  std::chrono::seconds last;   ///< no fault begins after it
  std::chrono::seconds healed; ///< what was halted or cut off at the last moment is back by then
};
inline constexpr fault_times faults_of_a_session{std::chrono::seconds(84), std::chrono::seconds(150)};
/// Comparing and sweeping take moments: most of these meet them.
inline constexpr fault_times faults_of_an_update{std::chrono::seconds(12), std::chrono::seconds(75)};

/// Asks the timeline for all of it; returns how many.
std::uint64_t plan_faults(surroundings& around, fleet& all, const fault_times& times);

} // namespace trainyard::simulation
