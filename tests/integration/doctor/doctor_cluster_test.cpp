// The doctor on a cluster: logins with the rights of each role, and queues that it does not touch.
#include <gmock/gmock.h>

#include "nodes/nats/inbox.hpp"
#include "nodes/nats/nats_coordinator_link.hpp"
#include "tests/integration/cluster/cluster_bench.hpp"
#include "tests/integration/permissions/guarded_server.hpp"

namespace trainyard::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

nlohmann::json check_of(const nlohmann::json& said, const std::string& name) {
  for (const auto& each : said["checks"])
    if (each["check"] == name)
      return each;
  return {{"verdict", "missing"}, {"text", ""}};
}

struct doctor_permissions_test : run_bench {
  guarded_server server;
  nlohmann::json look(const std::string& role, const std::string& user) const {
    auto variables = server.environment_of(user);
    variables.push_back("XDG_CONFIG_HOME=" + (dir.path() / "config").string());
    const auto finished = trainyard({"doctor", "--json", "--role", role}, variables);
    EXPECT_THAT(finished.out, Not(HasSubstr("password"))) << finished.err;
    return nlohmann::json::parse(finished.out, nullptr, false);
  }
};

TEST_F(doctor_permissions_test, are_enough_for_each_role_with_its_own_login) {
  for (const auto& [role, user] : {std::pair("coordinator", "coordinator"), std::pair("worker", "worker"),
                                   std::pair("gateway", "gateway"), std::pair("client", "submitter")}) {
    const auto said = look(role, user);
    EXPECT_EQ(check_of(said, "permissions")["verdict"], "good") << role << said.dump(1);
    EXPECT_EQ(check_of(said, "connection")["verdict"], "good") << role << said.dump(1);
    EXPECT_EQ(check_of(said, "jetstream")["verdict"], "good") << role << said.dump(1);
  }
}

TEST_F(doctor_permissions_test, of_another_role_are_told_apart_subject_by_subject) {
  const auto said = look("coordinator", "worker");
  const auto permissions = check_of(said, "permissions");
  EXPECT_EQ(permissions["code"], "TY1302");
  EXPECT_THAT(permissions["text"],
              AllOf(HasSubstr("send trainyard.work.doctor-probe.1.doctor-probe.0"),
                    HasSubstr("hear trainyard.api.doctor-probe"), Not(HasSubstr("$SRV.doctor-probe"))));
}

TEST_F(doctor_permissions_test, want_a_login_that_the_server_knows) {
  auto variables = server.environment_of("worker");
  variables.insert(variables.begin(), "TRAINYARD_NATS_PASSWORD=wrong"); // the first of two wins
  const auto finished = trainyard({"doctor", "--json", "--role", "worker"}, variables);
  EXPECT_EQ(finished.status, 1);
  EXPECT_EQ(check_of(nlohmann::json::parse(finished.out), "connection")["code"], "TY1302");
}

struct doctor_queues_test : cluster_bench {
  nlohmann::json streams() const {
    const auto link = connection::open(server.login());
    const auto box = inbox::open(*link);
    const auto said = (*box)->call_api("STREAM.LIST", nlohmann::json::object());
    EXPECT_TRUE(said) << said.error().cause;
    auto states = nlohmann::json::object();
    for (const auto& each : (*said)["streams"])
      states[each["config"]["name"].get<std::string>()] = each["state"];
    return states;
  }
  void look_as_everybody() const {
    for (const auto* role : {"coordinator", "worker", "gateway", "client"}) {
      const auto finished = client({"doctor", "--json", "--role", role});
      EXPECT_EQ(check_of(nlohmann::json::parse(finished.out), "permissions")["verdict"], "good")
          << finished.out;
    }
  }
};

TEST_F(doctor_queues_test, are_not_made_by_looking) {
  look_as_everybody();
  EXPECT_TRUE(streams().empty()) << streams();
}

TEST_F(doctor_queues_test, hold_after_looking_what_they_held_before) {
  nats_link_options options;
  options.names = subjects(prefix);
  const auto link = connection::open(server.login());
  ASSERT_TRUE(nats_coordinator_link::open(*link, options)); // makes the streams
  const auto before = streams();
  ASSERT_GE(before.size(), 2U);
  look_as_everybody();
  EXPECT_EQ(streams(), before);
}

TEST_F(doctor_queues_test, of_a_fleet_without_a_coordinator_are_told_to_clients) {
  const auto finished = client({"doctor", "--json", "--role", "client"});
  EXPECT_EQ(finished.status, 0) << finished.out;
  EXPECT_EQ(check_of(nlohmann::json::parse(finished.out), "coordinators")["verdict"], "warning");
}

} // namespace
} // namespace trainyard::testing
