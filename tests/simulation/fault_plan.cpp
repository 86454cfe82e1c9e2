// Each seed allows some kinds of faults and some weather, so that rare combinations come up as well as rare
// faults.
#include "tests/simulation/fault_plan.hpp"

#include <array>

namespace trainyard::simulation {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

using fault = void (*)(surroundings&, fleet&);

simulated_coordinator& any_coordinator(surroundings& around, fleet& all) {
  for (auto& each : all.coordinators) // mostly the one that does something
    if (each->owns() && around.random.chance(0.8))
      return *each;
  return *all.coordinators[around.random.below(all.coordinators.size())];
}

simulated_worker& any_worker(surroundings& around, fleet& all) {
  return *all.workers[around.random.below(all.workers.size())];
}

void kill_coordinator(surroundings& around, fleet& all) {
  any_coordinator(around, all).kill(around.random.between(seconds(1), seconds(10)));
}

void kill_coordinator_at_a_disk_step(surroundings& around, fleet&) {
  around.disk.kill_after(around.random.below(60));
}

void halt_coordinator(surroundings& around, fleet& all) {
  any_coordinator(around, all).halt(around.random.between(seconds(1), seconds(25)));
}

void cut_off_coordinator(surroundings& around, fleet& all) {
  const auto ways = around.random.between(1, 3);
  any_coordinator(around, all)
      .cut_off((ways & 1) != 0, (ways & 2) != 0, around.random.between(seconds(1), seconds(20)));
}

void cut_power(surroundings& around, fleet& all) {
  for (auto& each : all.coordinators)
    each->kill(around.random.between(seconds(1), seconds(5)));
  around.disk.cut_power(around.random);
}

void fill_disk(surroundings& around, fleet&) {
  around.disk.fill(true);
  around.time.after(around.random.between(milliseconds(100), seconds(8)),
                    [&around] { around.disk.fill(false); });
}

void pause_session_for_a_while(surroundings& around, fleet& all) {
  any_coordinator(around, all).pause(around.random.between(seconds(1), seconds(10)));
}

void kill_worker(surroundings& around, fleet& all) {
  auto& worker = any_worker(around, all);
  worker.kill();
  around.time.after(around.random.between(seconds(1), seconds(20)), [&worker] { worker.start(); });
}

void halt_worker(surroundings& around, fleet& all) {
  any_worker(around, all).halt(around.random.between(seconds(1), seconds(45)));
}

void cut_off_worker(surroundings& around, fleet& all) {
  const auto ways = around.random.between(1, 3);
  any_worker(around, all)
      .cut_off((ways & 1) != 0, (ways & 2) != 0, around.random.between(seconds(1), seconds(50)));
}

void drain_worker(surroundings& around, fleet& all) {
  any_worker(around, all).drain();
}

void lose_device(surroundings& around, fleet& all) {
  any_worker(around, all).lose_device();
}

void restart_server(surroundings& around, fleet&) {
  around.bus.restart(around.random.between(milliseconds(200), seconds(3)));
}

void roll_server_back(surroundings& around, fleet&) {
  around.bus.remember_store();
  around.time.after(around.random.between(milliseconds(500), seconds(5)),
                    [&around] { around.bus.roll_back(seconds(1)); });
}

constexpr std::array<fault, 14> kinds{fill_disk,
                                      kill_coordinator,
                                      kill_coordinator_at_a_disk_step,
                                      halt_coordinator,
                                      cut_off_coordinator,
                                      cut_power,
                                      pause_session_for_a_while,
                                      kill_worker,
                                      halt_worker,
                                      cut_off_worker,
                                      drain_worker,
                                      lose_device,
                                      restart_server,
                                      roll_server_back};

bus_weather weather(random_source& random) {
  bus_weather weather;
  weather.lost = std::array{0.0, 0.0, 0.01, 0.05}[random.below(4)];
  weather.doubled = std::array{0.0, 0.02, 0.1}[random.below(3)];
  weather.late = std::array{0.0, 0.02, 0.2}[random.below(3)];
  return weather;
}

} // namespace

std::uint64_t plan_faults(surroundings& around, fleet& all, const fault_times& times) {
  // Poison alone: how many workers it may take is then known.
  const bool quiet = around.session.poison > 0 && around.random.chance(0.35);
  const auto wind = quiet ? bus_weather{} : weather(around.random);
  around.calm = wind.lost == 0 && wind.late == 0;
  around.bus.set_weather(wind);
  std::vector<fault> allowed;
  for (const auto each : kinds)
    if (around.random.chance(0.4))
      allowed.push_back(each);
  const auto count = allowed.empty() || quiet ? 0 : around.random.below(16);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto what = allowed[around.random.below(allowed.size())];
    around.time.after(around.random.between(milliseconds(0), times.last),
                      [&around, &all, what] { what(around, all); });
  }
  around.time.after(times.last + seconds(6), [&around] {
    around.bus.set_weather({});
    around.disk.spare();
    around.shaking = false;
  });
  return count;
}

} // namespace trainyard::simulation
