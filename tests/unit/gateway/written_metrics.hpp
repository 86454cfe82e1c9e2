// The names of all metrics that a gateway writes, for tests of what speaks of them.
#pragma once

#include <regex>
#include <set>
#include <string>

#include "nodes/gateway/fleet_metrics.hpp"

namespace trainyard::testing {

/// What the pattern's first group matches, everywhere in `text`.
inline std::set<std::string> matches_in(const std::string& text, const char* pattern) {
  std::set<std::string> found;
  const std::regex wanted(pattern);
  for (std::sregex_iterator each(text.begin(), text.end(), wanted), end; each != end; ++each)
    found.insert((*each)[1]);
  return found;
}

/// Of a gateway that has something of everything.
inline std::set<std::string> written_metrics() {
  fleet_board board;
  node_heartbeat beat;
  beat.node = "a";
  beat.devices.emplace_back().id = "cpu";
  board.heard(beat, fleet_board::time_point());
  board.sample(fleet_board::time_point(), 1, true);
  gateway_figures figures{"1", true, std::vector{state_count{"running", 1}}, {1, 1, {{200, 5}}}};
  return matches_in(gateway_metrics(metrics_format::prometheus, board, {}, figures), "# TYPE (\\S+) ");
}

} // namespace trainyard::testing
