// ops/systemd and ops/launchd are what `trainyard service print` writes for an example machine.
#include <gtest/gtest.h>

#include "config/load.hpp"
#include "nodes/service/service_text.hpp"
#include "tests/support/generated_page.hpp"

namespace trainyard {
namespace {

using flags = std::map<std::string, std::string, std::less<>>;

struct example {
  const char* role;
  flags given;
};

const example examples[] = {
    {"coordinator",
     {{"cluster.root", "photos=/srv/photos"},
      {"cluster.output_root", "/srv/trainyard"},
      {"nats.inbox_prefix", "_INBOX_coordinator"},
      {"nats.user", "coordinator"},
      {"nats.url", "tls://nats.example:4222"},
      {"log.format", "json"}}},
    {"worker",
     {{"cluster.root", "photos=/srv/photos"},
      {"nats.administer", "false"},
      {"nats.inbox_prefix", "_INBOX_worker"},
      {"nats.user", "worker"},
      {"nats.url", "tls://nats.example:4222"},
      {"log.format", "json"}}},
    {"gateway",
     {{"nats.inbox_prefix", "_INBOX_gateway"},
      {"nats.user", "gateway"},
      {"nats.url", "tls://nats.example:4222"},
      {"log.format", "json"}}},
};

std::string text_for(const example& of, const char* manager) {
  auto given = of.given;
  given.insert({{"service.manager", manager}, {"service.system", "true"}, {"service.user", "trainyard"}});
  const auto from = load_settings({given, {}, {}});
  EXPECT_TRUE(from) << from.error().cause;
  const auto plan = plan_service(of.role, *from, {}, {"/opt/trainyard/bin/trainyard", "/root", {}, "/"});
  EXPECT_TRUE(plan) << plan.error().cause;
  return service_text(*plan);
}

TEST(service_files, of_systemd_are_what_the_program_writes) {
  for (const auto& each : examples)
    testing::expect_generated("ops/systemd/trainyard-" + std::string(each.role) + ".service",
                              text_for(each, "systemd"));
}

TEST(service_files, of_launchd_are_what_the_program_writes) {
  for (const auto& each : examples)
    testing::expect_generated("ops/launchd/org.trainyard." + std::string(each.role) + ".plist",
                              text_for(each, "launchd"));
}

} // namespace
} // namespace trainyard
