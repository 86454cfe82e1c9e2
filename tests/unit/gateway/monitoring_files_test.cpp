// The Grafana board and the alerts ask for metrics that there are, and every alert has its row in the
// runbook.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/support/child_process.hpp"
#include "tests/unit/gateway/written_metrics.hpp"

namespace trainyard {
namespace {

using ::testing::Contains;
using testing::matches_in;
using testing::written_metrics;
using names = std::set<std::string>;

std::string text_of(const char* file) {
  auto text = testing::content_of(file);
  EXPECT_FALSE(text.empty()) << file;
  return text;
}

constexpr const char* metric_name = "\\b((?:trainyard|process)_[a-z_]+)";

TEST(monitoring_files, of_grafana_ask_for_metrics_that_there_are_through_a_source_of_choice) {
  const auto board = nlohmann::json::parse(text_of("ops/grafana/trainyard.json"));
  const auto known = written_metrics();
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
  const auto known = written_metrics();
  const auto asked = matches_in(text_of("ops/prometheus/trainyard.rules.yml"), metric_name);
  EXPECT_GE(asked.size(), 8U);
  for (const auto& each : asked)
    EXPECT_THAT(known, Contains(each));
}

TEST(monitoring_files, have_a_row_of_the_runbook_and_a_test_for_every_alert) {
  const auto alerts = matches_in(text_of("ops/prometheus/trainyard.rules.yml"), "- alert: (\\w+)");
  EXPECT_GE(alerts.size(), 10U);
  EXPECT_EQ(matches_in(text_of("docs/operations.md"), "\n\\| `(Trainyard\\w+)` \\|"), alerts);
  EXPECT_EQ(matches_in(text_of("ops/prometheus/trainyard.rules.test.yml"),
                       "alertname: (Trainyard\\w+)\n *exp_alerts:\n"),
            alerts);
}

} // namespace
} // namespace trainyard
