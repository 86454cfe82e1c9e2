// Flags of an installation become those of the service, and nothing secret among them.
#include "nodes/service/service_plan.hpp"

#include <gmock/gmock.h>

#include "config/load.hpp"

namespace trainyard {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using flags = std::map<std::string, std::string, std::less<>>;

settings from(flags given, environment variables = {}) {
  auto loaded = load_settings({std::move(given), std::move(variables), {}});
  EXPECT_TRUE(loaded) << loaded.error().cause;
  return std::move(*loaded);
}

const service_surroundings around{"/opt/trainyard", "/home/ann", {}, "/srv/here"};

TEST(service_plan, takes_the_flags_that_were_given_and_makes_paths_absolute) {
  const auto plan = plan_service("worker",
                                 from({{"cluster.root", "photos=pictures,maps=/srv/maps"},
                                       {"nats.url", "tls://hub:4222"},
                                       {"nats.administer", "false"},
                                       {"device.decode_time_limit", "5s"},
                                       {"paths.state_dir", "state"}}),
                                 "my.toml", around);
  ASSERT_TRUE(plan) << plan.error().cause;
  EXPECT_THAT(plan->command, ElementsAre("/opt/trainyard", "worker", "--config", "/srv/here/my.toml",
                                         "--decode-time-limit", "5s", "--nats", "tls://hub:4222",
                                         "--no-nats-administer", "--root", "photos=/srv/here/pictures",
                                         "--root", "maps=/srv/maps", "--state-dir", "/srv/here/state"));
}

TEST(service_plan, leaves_out_what_the_environment_says) {
  const auto plan = plan_service(
      "worker", from({}, {{"TRAINYARD_NATS_PASSWORD", "secret"}, {"TRAINYARD_NATS_USER", "worker"}}), {},
      around);
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->command, ElementsAre("/opt/trainyard", "worker"));
}

TEST(service_plan, of_a_user_stands_in_the_users_folders) {
  const auto plan = plan_service("gateway", from({{"service.manager", "systemd"}}), {}, around);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->file, "/home/ann/.config/systemd/user/trainyard-gateway.service");
  EXPECT_EQ(plan->environment, "/home/ann/.config/trainyard/gateway.env");
  const auto agent = plan_service("gateway", from({{"service.manager", "launchd"}}), {}, around);
  EXPECT_EQ(agent->file, "/home/ann/Library/LaunchAgents/org.trainyard.gateway.plist");
  EXPECT_EQ(agent->log, "/home/ann/Library/Logs/trainyard-gateway.log");
}

TEST(service_plan, of_the_system_stands_in_the_systems_folders_and_runs_as_somebody) {
  const auto plan = plan_service(
      "coordinator",
      from({{"service.system", "true"}, {"service.user", "yard"}, {"cluster.output_root", "out"}}), {},
      around);
  ASSERT_TRUE(plan) << plan.error().cause;
  EXPECT_EQ(plan->file, "/etc/systemd/system/trainyard-coordinator.service");
  EXPECT_EQ(plan->user, "yard");
  EXPECT_EQ(plan->writes, "/srv/here/out");
}

TEST(service_plan, says_where_output_goes_as_a_manager_starts_services_elsewhere) {
  const auto plan = plan_service("coordinator", from({}), {}, around);
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->command,
              ElementsAre("/opt/trainyard", "coordinator", "--output-root", "/srv/here/trainyard-sessions"));
  EXPECT_EQ(plan->writes, "/srv/here/trainyard-sessions");
}

TEST(service_plan, is_refused_where_it_would_not_run) {
  const auto cause = [](const std::string& role, flags given) {
    const auto plan = plan_service(role, from(std::move(given)), {}, around);
    return plan ? "" : plan.error().cause;
  };
  EXPECT_THAT(cause("client", {}), HasSubstr("'client' is no role"));
  EXPECT_THAT(cause("worker", {{"gateway.listen", "127.0.0.1:1"}}), HasSubstr("takes no --listen"));
  EXPECT_THAT(cause("worker", {{"service.system", "true"}}), HasSubstr("as some user"));
  EXPECT_THAT(cause("worker", {{"service.user", "yard"}}), HasSubstr("--run-as"));
}

TEST(service_plan, holds_no_login_of_a_url) {
  const auto plan = plan_service("worker", from({{"nats.url", "nats://ann:secret@hub:4222"}}), {}, around);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, failure_kind::config_invalid);
  EXPECT_EQ(plan.error().cause.find("secret"), std::string::npos);
}

} // namespace
} // namespace trainyard
