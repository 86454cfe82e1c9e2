// What the simulated processes share: time, chance, bus, disk, the session, and the first promise that was
// broken.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "tests/simulation/simulated_bus.hpp"
#include "tests/simulation/simulated_disk.hpp"
#include "tests/simulation/simulated_links.hpp"
#include "tests/simulation/simulated_session.hpp"

namespace trainyard::simulation {

/// Wraps a link, or gives it back: where bugs are planted.
struct link_wrappers {
  std::function<std::unique_ptr<coordinator_link>(coordinator_link&)> coordinator;
  std::function<std::unique_ptr<worker_link>(worker_link&)> worker;
};

/// How a listing that was cut short goes on, and whether it says that it is complete: bugs are planted here
/// too.
struct listing_rules {
  bool begins_again = false;
  bool skips_one = false;
  bool tells_its_end = true;
  bool compares = true;
};

struct surroundings {
  timeline& time;
  random_source& random;
  simulated_bus& bus;
  simulated_disk& disk;
  simulated_session session;
  std::filesystem::path out;
  link_watch watch;
  link_wrappers wrappers;
  listing_rules listing;
  bool lock_holds = true;
  bool lease_counts = true; ///< an owner whose lease is lost lets go
  bool shaking = true;      ///< faults go on
  bool calm = false;        ///< no message is lost or late
  std::uint64_t devices_lost = 0;
  std::uint64_t ended_by_poison = 0;      ///< workers
  std::optional<std::string> broken = {}; ///< the first promise

  void breaks(std::string what) {
    if (!broken)
      broken = std::move(what);
  }
};

} // namespace trainyard::simulation
