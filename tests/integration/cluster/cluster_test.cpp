// Jobs, workers and coordinators as separate processes: the main job, and what clients can ask on the way.
#include <atomic>
#include <csignal>

#include <gmock/gmock.h>

#include "tests/integration/cluster/cluster_bench.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;
using testing::eventually;
using ::testing::HasSubstr;

using cluster = testing::cluster_bench;

TEST_F(cluster, a_submitted_session_gives_the_bytes_of_a_run) {
  const auto expected = undisturbed();
  coordinator("c1");
  worker("w1");
  ASSERT_TRUE(eventually(30s, [&] { return client({"devices"}).out.find("ready") != std::string::npos; }));
  const auto done = client(
      {"submit", ".", "--root", "photos", "--session-id", "s1", "--batch-size", "4", "--wait", "--json"});
  ASSERT_EQ(done.status, 0) << done.err;
  const auto report = report_of(done);
  EXPECT_EQ(report["state"], "completed");
  EXPECT_EQ(report["embedded"], 96);
  EXPECT_EQ(vectors_and_metadata(visible_bytes(out_of("s1"))), expected);
  EXPECT_EQ(check_folder(photos(), out_of("s1"))["rows"], 96);
  EXPECT_THAT(client({"sessions"}).out, HasSubstr("completed"));
  EXPECT_EQ(status("s1")["devices"], nlohmann::json({"w1/cpu"}));
}

TEST_F(cluster, of_another_prefix_tells_how_far_it_is_under_that_prefix) {
  prefix = "fleet-2";
  std::atomic<int> events = 0;
  std::atomic<int> strange = 0;
  const auto link = connection::open(server.login()).value();
  const auto heard = link->subscribe("fleet-2.events.session.s1", [&](nats_message) { ++events; });
  const auto stray = link->subscribe("trainyard.>", [&](nats_message) { ++strange; });
  ASSERT_TRUE(heard && stray);
  coordinator("c1");
  worker("w1");
  ASSERT_TRUE(eventually(30s, [&] { return client({"devices"}).out.find("ready") != std::string::npos; }));
  EXPECT_EQ(submit("s1"), 0);
  EXPECT_TRUE(reaches("s1", "completed"));
  EXPECT_GT(events, 0);
  EXPECT_EQ(strange, 0);
}

TEST_F(cluster, without_workers_a_session_waits_and_says_why) {
  coordinator("c1");
  ASSERT_TRUE(eventually(30s, [&] { return submit("s1") == 0 && !status("s1").contains("error"); }));
  ASSERT_TRUE(eventually(30s, [&] { return status("s1")["reason"] == "no worker"; })) << status("s1");
  EXPECT_EQ(status("s1")["total"], 96);
  worker("w1");
  EXPECT_TRUE(reaches("s1", "completed"));
}

TEST_F(cluster, two_workers_share_a_session) {
  coordinator("c1");
  worker("w1");
  worker("w2");
  ASSERT_TRUE(eventually(30s, [&] {
    const auto list = client({"devices", "--json"}).out;
    return list.find("w1") != std::string::npos && list.find("w2") != std::string::npos;
  }));
  submit("s1", {"--batch-size", "1"});
  ASSERT_TRUE(reaches("s1", "completed"));
  EXPECT_EQ(status("s1")["devices"], nlohmann::json({"w1/cpu", "w2/cpu"}));
  EXPECT_EQ(check_folder(photos(), out_of("s1"))["rows"], 96);
}

TEST_F(cluster, a_paused_session_stands_still_until_it_is_resumed) {
  coordinator("c1");
  ASSERT_TRUE(eventually(30s, [&] { return submit("s1") == 0 && !status("s1").contains("error"); }));
  EXPECT_EQ(client({"pause", "s1"}).status, 0);
  ASSERT_TRUE(reaches("s1", "paused", 10s));
  worker("w1");
  ASSERT_TRUE(eventually(30s, [&] { return status("s1")["in_flight"] == 0; }))
      << "what was in flight is finished";
  const auto before = embedded("s1");
  EXPECT_LT(before, 96U);
  EXPECT_EQ(client({"resume", "s1"}).status, 0);
  EXPECT_TRUE(reaches("s1", "completed"));
}

TEST_F(cluster, a_cancelled_session_ends_and_its_id_stays_taken) {
  coordinator("c1");
  ASSERT_TRUE(eventually(30s, [&] { return submit("s1") == 0 && !status("s1").contains("error"); }));
  EXPECT_EQ(client({"cancel", "s1"}).status, 0);
  ASSERT_TRUE(reaches("s1", "cancelled", 10s));
  worker("w1");
  EXPECT_EQ(submit("s2"), 0);
  EXPECT_TRUE(reaches("s2", "completed"));
  EXPECT_EQ(embedded("s1"), 0U);
  EXPECT_THAT(client({"pause", "s1"}).err, HasSubstr("TY1603"));
  EXPECT_THAT(client({"status", "s3"}).err, HasSubstr("TY1602"));
  EXPECT_EQ(client({"retry", "s1"}).status, 0);
  EXPECT_TRUE(reaches("s1", "completed")) << status("s1");
}

TEST_F(cluster, a_stopped_worker_hands_its_work_back_and_ends_well) {
  coordinator("c1");
  auto& first = worker("w1");
  ASSERT_TRUE(eventually(30s, [&] {
    return submit("s1", {"--batch-size", "1"}) == 0 && embedded("s1") > 0;
  }));
  first.signal(SIGTERM);
  const auto ended = first.wait(20s);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->status, 0) << ended->err;
  worker("w2");
  EXPECT_TRUE(reaches("s1", "completed", 25s)) << "work that was handed back does not wait for its lease";
  EXPECT_EQ(check_folder(photos(), out_of("s1"))["rows"], 96);
}

TEST_F(cluster, a_folder_outside_of_every_root_is_refused) {
  coordinator("c1");
  ASSERT_TRUE(eventually(30s, [&] { return client({"sessions"}).status == 0; }));
  EXPECT_THAT(client({"submit", "/etc"}).err, HasSubstr("TY2003"));
  EXPECT_THAT(client({"submit", "../..", "--root", "photos"}).err, HasSubstr("TY2003"));
  EXPECT_THAT(client({"submit", "nothing", "--root", "photos"}).err, HasSubstr("TY1101"));
  EXPECT_THAT(client({"submit", ".", "--root", "photos", "--model", "none"}).err, HasSubstr("TY1401"));
}

} // namespace
} // namespace trainyard
