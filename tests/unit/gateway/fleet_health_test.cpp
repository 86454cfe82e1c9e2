// What is said of a fleet that works, and of each thing that can be wrong with it.
#include "nodes/gateway/fleet_health.hpp"

#include <algorithm>

#include <gmock/gmock.h>

namespace trainyard {
namespace {

using ::testing::HasSubstr;

fleet_facts working() {
  fleet_facts facts;
  facts.connected = true;
  facts.workers.connected = true;
  auto& node = facts.workers.nodes.emplace_back();
  node.node = "w1";
  node.state = "live";
  node.version = "0.1.0";
  auto& device = node.devices.emplace_back();
  device.id = "cpu";
  device.state = "ready";
  device.memory_bytes = 10;
  device.memory_limit_bytes = 100;
  facts.sessions.emplace();
  facts.streams.emplace().streams = {{"TRAINYARD_WORK", 5, 100, 1000, 1}};
  return facts;
}

health_check check_of(const fleet_facts& facts, const std::string& name) {
  for (const auto& each : health_of(facts).checks)
    if (each.check == name)
      return each;
  return {name, "missing", "", ""};
}

TEST(fleet_health, of_a_fleet_that_works_is_good_throughout) {
  const auto page = health_of(working());
  EXPECT_TRUE(page.ok);
  for (const auto& each : page.checks) {
    EXPECT_EQ(each.verdict, "good") << each.check << ": " << each.text;
    EXPECT_EQ(each.remedy, "");
  }
  EXPECT_EQ(page.streams.size(), 1U);
}

TEST(fleet_health, is_bad_without_nats_or_a_coordinator) {
  auto facts = working();
  facts.connected = false;
  facts.sessions.reset();
  EXPECT_FALSE(health_of(facts).ok);
  EXPECT_EQ(check_of(facts, "nats").verdict, "bad");
  EXPECT_EQ(check_of(facts, "coordinators").verdict, "bad");
}

TEST(fleet_health, tells_of_workers_that_are_silent_and_of_none) {
  auto facts = working();
  facts.workers.nodes[0].state = "silent";
  facts.workers.nodes[0].silent_seconds = 7.9;
  EXPECT_EQ(check_of(facts, "worker w1").verdict, "warning");
  EXPECT_THAT(check_of(facts, "worker w1").text, HasSubstr("silent: not heard for 7"));
  EXPECT_EQ(check_of(facts, "workers").verdict, "warning");
  facts.sessions->sessions.emplace_back().state = "running";
  EXPECT_THAT(check_of(facts, "workers").text, HasSubstr("sessions wait"));
}

TEST(fleet_health, tells_of_devices_in_quarantine_lost_or_short_of_memory) {
  auto facts = working();
  auto& device = facts.workers.nodes[0].devices[0];
  device.state = "quarantined";
  EXPECT_EQ(check_of(facts, "device w1/cpu").verdict, "warning");
  device.state = "lost";
  EXPECT_EQ(check_of(facts, "device w1/cpu").verdict, "bad");
  device.state = "ready";
  device.memory_bytes = 96;
  EXPECT_EQ(check_of(facts, "device w1/cpu").verdict, "warning");
  device.memory_limit_bytes = 0; // unknown is not full
  EXPECT_EQ(check_of(facts, "device w1/cpu").verdict, "missing");
}

TEST(fleet_health, tells_of_streams_that_fill_and_does_not_guess_at_those_it_cannot_see) {
  auto facts = working();
  facts.streams->streams[0].bytes = 900;
  EXPECT_EQ(check_of(facts, "stream TRAINYARD_WORK").verdict, "warning");
  facts.streams->streams[0].max_bytes = 0; // no limit
  EXPECT_EQ(check_of(facts, "stream TRAINYARD_WORK").verdict, "missing");
  facts.streams.reset();
  EXPECT_EQ(check_of(facts, "jetstream").verdict, "unknown");
  EXPECT_TRUE(health_of(facts).ok);
}

TEST(fleet_health, tells_of_versions_sessions_and_images_that_failed) {
  auto facts = working();
  facts.workers.nodes.push_back(facts.workers.nodes[0]);
  facts.workers.nodes[1].version = "0.2.0";
  auto& session = facts.sessions->sessions.emplace_back();
  session.session_id = "s1";
  session.state = "failed";
  session.failed = 1200;
  EXPECT_THAT(check_of(facts, "versions").text, HasSubstr("0.1.0 to 0.2.0"));
  EXPECT_THAT(check_of(facts, "session s1").remedy, HasSubstr("trainyard retry s1"));
  EXPECT_THAT(check_of(facts, "dead letters").text, HasSubstr("1,200 images"));
}

TEST(fleet_health, puts_first_what_needs_somebody) {
  auto facts = working();
  facts.workers.nodes[0].devices[0].state = "lost";
  facts.streams.reset();
  const auto checks = health_of(facts).checks;
  EXPECT_EQ(checks.front().check, "device w1/cpu");
  EXPECT_TRUE(std::ranges::is_sorted(checks, {}, [](const health_check& each) {
    return each.verdict == "bad" ? 0 : each.verdict == "warning" ? 1 : each.verdict == "unknown" ? 2 : 3;
  }));
  for (const auto& each : checks)
    EXPECT_EQ(each.remedy.empty(), each.verdict == "good" || each.verdict == "unknown") << each.check;
}

} // namespace
} // namespace trainyard
