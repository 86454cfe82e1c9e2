// The Grafana board and the alerts ask for metrics that there are, and every alert has its row in the
// runbook.
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "nodes/gateway/fleet_metrics.hpp"

namespace trainyard {
namespace {

using ::testing::Contains;
using names = std::set<std::string>;

std::string content_of(const char* file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_FALSE(text.str().empty()) << file;
  return text.str();
}

names matches_in(const std::string& text, const char* pattern) {
  names found;
  const std::regex wanted(pattern);
  for (std::sregex_iterator each(text.begin(), text.end(), wanted), end; each != end; ++each)
    found.insert((*each)[1]);
  return found;
}

/// Of a gateway that has something of everything.
names metrics_written() {
  fleet_board board;
  node_heartbeat beat;
  beat.node = "a";
  beat.devices.emplace_back().id = "cpu";
  board.heard(beat, fleet_board::time_point());
  board.sample(fleet_board::time_point(), 1, true);
  gateway_figures figures{"1", true, std::vector{state_count{"running", 1}}, {1, 1, {{200, 5}}}};
  return matches_in(gateway_metrics(metrics_format::prometheus, board, {}, figures), "# TYPE (\\S+) ");
}

constexpr const char* metric_name = "\\b((?:trainyard|process)_[a-z_]+)";

TEST(monitoring_files, of_grafana_ask_for_metrics_that_there_are_through_a_source_of_choice) {
  const auto board = nlohmann::json::parse(content_of("ops/grafana/trainyard.json"));
  const auto known = metrics_written();
  names asked;
  for (const auto& panel : board["panels"]) {
    if (panel["type"] == "row")
      continue;
    EXPECT_EQ(panel["datasource"]["uid"], "${source}") << panel["title"];
    EXPECT_FALSE(panel["targets"].empty()) << panel["title"];
    for (const auto& target : panel["targets"])
      for (const auto& each : matches_in(target["expr"], metric_name))
        asked.insert(each);
  }
  for (const auto& variable : board["templating"]["list"])
    for (const auto& each : matches_in(variable["query"], metric_name))
      asked.insert(each);
  for (const auto& each : asked)
    EXPECT_THAT(known, Contains(each));
  for (const auto& each : known)
    if (each.starts_with("trainyard_")) {
      EXPECT_THAT(asked, Contains(each)) << "nothing shows it";
    }
}

TEST(monitoring_files, of_prometheus_ask_for_metrics_that_there_are) {
  const auto known = metrics_written();
  const auto asked = matches_in(content_of("ops/prometheus/trainyard.rules.yml"), metric_name);
  EXPECT_GE(asked.size(), 8U);
  for (const auto& each : asked)
    EXPECT_THAT(known, Contains(each));
}

TEST(monitoring_files, have_a_row_of_the_runbook_and_a_test_for_every_alert) {
  const auto alerts = matches_in(content_of("ops/prometheus/trainyard.rules.yml"), "- alert: (\\w+)");
  EXPECT_GE(alerts.size(), 10U);
  EXPECT_EQ(matches_in(content_of("docs/operations.md"), "\n\\| `(Trainyard\\w+)` \\|"), alerts);
  EXPECT_EQ(matches_in(content_of("ops/prometheus/trainyard.rules.test.yml"),
                       "alertname: (Trainyard\\w+)\n *exp_alerts:\n"),
            alerts);
}

} // namespace
} // namespace trainyard
