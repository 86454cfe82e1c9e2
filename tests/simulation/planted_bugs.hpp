// Bugs that such a system gets, planted where the product meets its surroundings: each must break a promise.
#pragma once

#include <functional>
#include <vector>

#include "tests/simulation/surroundings.hpp"

namespace trainyard::simulation {

struct planted_bug {
  const char* name;
  std::function<void(surroundings&)> plant;
};

[[nodiscard]] std::vector<planted_bug> planted_bugs();

} // namespace trainyard::simulation
