// docs/metrics.md tells of every family that is written, and of no other.
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "nodes/gateway/fleet_metrics.hpp"

namespace trainyard {
namespace {

std::set<std::string> matches_in(const std::string& text, const char* pattern) {
  std::set<std::string> found;
  const std::regex wanted(pattern);
  for (std::sregex_iterator each(text.begin(), text.end(), wanted), end; each != end; ++each)
    found.insert((*each)[1]);
  return found;
}

TEST(metrics_page, has_a_row_for_every_family_and_for_no_other) {
  fleet_board board;
  node_heartbeat beat;
  beat.node = "a";
  beat.devices.emplace_back().id = "cpu";
  board.heard(beat, fleet_board::time_point());
  board.sample(fleet_board::time_point(), 1, true);
  gateway_figures figures{"1", true, std::vector{state_count{"running", 1}}, {1, 1, {{200, 5}}}};
  const auto written =
      matches_in(gateway_metrics(metrics_format::prometheus, board, {}, figures), "# TYPE (\\S+) ");
  std::ifstream in("docs/metrics.md");
  std::stringstream page;
  page << in.rdbuf();
  const auto documented = matches_in(page.str(), "\n\\| `([a-z_]+)");
  EXPECT_GE(written.size(), 20U);
  EXPECT_EQ(written, documented);
}

} // namespace
} // namespace trainyard
