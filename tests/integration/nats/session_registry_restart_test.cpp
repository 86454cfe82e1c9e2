// The registry while its server hangs, dies, comes back, or loses its store.
#include <gtest/gtest.h>

#include "nodes/nats/nats_session_registry.hpp"
#include "tests/integration/nats/hand_server.hpp"
#include "tests/integration/nats/made_records.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;

struct session_registry_restart_test : ::testing::Test {
  hand_server server;
  std::unique_ptr<nats_session_registry> ours =
      std::move(nats_session_registry::open(connection::open(server.login()).value()).value());
};

TEST_F(session_registry_restart_test, a_disconnected_call_fails_at_once_as_unreachable) {
  server.kill();
  ASSERT_TRUE(eventually(5s, [&] { return !ours->changes(); }));
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(ours->changes().error().kind, failure_kind::nats_unreachable);
  EXPECT_EQ(ours->take_lease("s1", "us").error().kind, failure_kind::nats_unreachable);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 1s);
}

TEST_F(session_registry_restart_test, a_hung_server_is_a_timeout_well_before_a_lease_ends) {
  ASSERT_TRUE(ours->take_lease("s1", "us").value());
  server.halt();
  const auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(ours->renew_lease("s1", "us"));
  EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
  server.go_on();
}

TEST_F(session_registry_restart_test, a_store_that_was_lost_is_made_again_and_changes_tell_all) {
  ASSERT_TRUE(ours->create(record_of("s1")).value());
  ASSERT_TRUE(ours->take_lease("s1", "us").value());
  ASSERT_EQ(ids_of(ours->changes()), std::vector<std::string>{"s1"});
  server.kill();
  server.lose_store();
  server.start();
  result<bool> renewed;
  ASSERT_TRUE(eventually(20s, [&] { return (renewed = ours->renew_lease("s1", "us")).has_value(); }));
  EXPECT_FALSE(*renewed);
  EXPECT_TRUE(ours->take_lease("s1", "us").value());
  EXPECT_TRUE(ours->changes().value().empty());
  ASSERT_TRUE(ours->create(record_of("s1")).value());
  ASSERT_TRUE(ours->create(record_of("s2")).value());
  EXPECT_EQ(ids_of(ours->changes()), (std::vector<std::string>{"s1", "s2"}));
}

TEST_F(session_registry_restart_test, sessions_survive_a_server_that_was_killed) {
  const auto made = ours->create(record_of("s1")).value().value();
  server.kill();
  server.start();
  result<std::optional<registered_session>> found;
  ASSERT_TRUE(eventually(20s, [&] { return (found = ours->find("s1")).has_value(); }));
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->revision, made);
  EXPECT_TRUE(ours->update(record_of("s1", "running"), made).value());
}

} // namespace
} // namespace trainyard::testing
