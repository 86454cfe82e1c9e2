// Coordinator, worker and clients under the users of ops/nats: everything works, and nothing was refused.
#include <csignal>

#include <gmock/gmock.h>

#include "nodes/nats/inbox.hpp"
#include "tests/integration/permissions/guarded_fleet.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class guarded_fleet_test : public guarded_fleet {};

TEST_F(guarded_fleet_test, a_session_completes_and_no_role_asks_for_what_it_may_not) {
  const auto boss = coordinator();
  const auto hand = worker();
  const auto done = run_as("submitter", {"submit", ".", "--root", "photos", "--session-id", "first", "--wait",
                                         "--json", "--progress", "none"});
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_EQ(report_of(done)["embedded"], 96);
  EXPECT_EQ(check_folder(photos(), out() / "first")["rows"], 96);
  EXPECT_THAT(run_as("viewer", {"sessions"}).out, HasSubstr("first"));
  EXPECT_EQ(run_as("viewer", {"status", "first"}).status, 0);
  EXPECT_EQ(run_as("viewer", {"failures", "first"}).status, 0);
  EXPECT_EQ(run_as("viewer", {"watch", "first", "--progress", "none"}).status, 0);
  EXPECT_THAT(run_as("viewer", {"devices"}).out, HasSubstr("cpu"));
  hand->signal(SIGTERM);
  boss->signal(SIGTERM);
  EXPECT_EQ(hand->wait(30s).value_or(finished_process{}).status, 0);
  EXPECT_EQ(boss->wait(30s).value_or(finished_process{}).status, 0);
  EXPECT_THAT(server.violations(), IsEmpty());
}

TEST_F(guarded_fleet_test, images_travel_from_a_submitter_and_to_a_worker_without_any_disk_in_common) {
  const auto boss =
      started(start_as("coordinator", {"coordinator", "--output-root", out().string()}), "takes sessions");
  const auto hand =
      started(start_as("worker", {"worker", "--no-nats-administer", "--device", "cpu"}), "takes work");
  const auto done = run_as("submitter", {"submit", photos().string(), "--upload", "--session-id", "sent",
                                         "--wait", "--json", "--progress", "none"});
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_EQ(report_of(done)["embedded"], 96);
  EXPECT_EQ(check_folder(photos(), out() / "sent")["rows"], 96);
  EXPECT_THAT(server.violations(), IsEmpty());
  const auto refused = run_as("viewer", {"submit", photos().string(), "--upload"});
  EXPECT_EQ(refused.status, 77) << refused.err;
}

TEST_F(guarded_fleet_test, a_session_is_paused_resumed_and_cancelled_by_a_submitter_but_not_by_a_viewer) {
  const auto boss = coordinator(); // without a worker the session stays as it is
  ASSERT_EQ(run_as("submitter", {"submit", ".", "--root", "photos", "--session-id", "second"}).status, 0);
  for (const std::string verb : {"pause", "resume", "cancel"})
    EXPECT_EQ(run_as("submitter", {verb, "second"}).status, 0) << verb;
  EXPECT_THAT(server.violations(), IsEmpty());
  const auto refused = run_as("viewer", {"cancel", "second"});
  EXPECT_EQ(refused.status, 77) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("TY1302"));
}

TEST_F(guarded_fleet_test, a_viewer_finds_both_programs_by_service_discovery) {
  const auto boss = coordinator();
  const auto hand = worker();
  const auto link = connection::open(server.login("viewer"));
  ASSERT_TRUE(link) << link.error().cause;
  const auto box = *inbox::open(*link);
  for (const std::string name : {"trainyard-coordinator", "trainyard-worker"}) {
    request ping;
    ping.subject = "$SRV.PING." + name;
    const auto reply = box->call_json(std::move(ping));
    ASSERT_TRUE(reply) << reply.error().cause;
    EXPECT_EQ((*reply)["name"], name);
  }
  EXPECT_THAT(server.violations(), IsEmpty());
}

} // namespace
} // namespace trainyard::testing
