// The alerts as Prometheus' own tool reads them, and on what they come.
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;

void expect_promtool_accepts(std::vector<std::string> arguments) {
  constexpr const char* promtool = "/usr/bin/promtool";
  if (!std::filesystem::exists(promtool))
    GTEST_SKIP() << "promtool is not installed here";
  const temp_dir dir;
  arguments.insert(arguments.begin(), promtool);
  child_process tool(dir.path(), std::move(arguments));
  const auto finished = tool.wait(60s);
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->status, 0) << finished->out << finished->err;
}

TEST(alert_rules, are_rules_and_a_configuration_that_prometheus_reads) {
  expect_promtool_accepts({"check", "config", "ops/prometheus/prometheus.yml"});
}

TEST(alert_rules, come_when_they_should_and_not_on_a_fleet_that_works) {
  expect_promtool_accepts({"test", "rules", "ops/prometheus/trainyard.rules.test.yml"});
}

} // namespace
} // namespace trainyard::testing
