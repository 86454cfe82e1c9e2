// Workers count while they are heard, and a session that stands still is told why.
#include "actors/coordinator/host/fleet_view.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

using namespace std::chrono_literals;
const fleet_view::time_point start{1000s};
const fleet_view::need need{"mock_fp32", "mock", "space", "photos"};

node_heartbeat beat(const std::string& node, std::uint64_t credit = 4) {
  node_heartbeat one;
  one.node = node;
  one.pool = "mock_fp32";
  one.space_id = "space";
  one.roots = {"photos"};
  one.credit = credit;
  one.devices.emplace_back().id = "cuda:0";
  one.devices.back().state = "ready";
  return one;
}

TEST(fleet_view, adds_up_the_credit_of_a_pools_live_workers) {
  fleet_view fleet;
  EXPECT_EQ(fleet.credit_of("mock_fp32", start), 0U);
  fleet.heard(beat("a", 4), start);
  fleet.heard(beat("b", 3), start + 3s);
  auto stranger = beat("c", 100);
  stranger.pool = "other_fp32";
  fleet.heard(stranger, start + 3s);
  EXPECT_EQ(fleet.credit_of("mock_fp32", start + 5s), 7U);
  EXPECT_EQ(fleet.credit_of("mock_fp32", start + 6s), 3U); // a is suspect
  EXPECT_EQ(fleet.credit_of("mock_fp32", start + 9s), 0U);
  fleet.heard(beat("a", 5), start + 9s);
  EXPECT_EQ(fleet.credit_of("mock_fp32", start + 9s), 5U);
}

TEST(fleet_view, an_idle_worker_would_take_what_it_can_do) {
  auto one = beat("a");
  EXPECT_FALSE(fleet_view::would_take(one, need)) << "it has work";
  one.idle = true;
  EXPECT_TRUE(fleet_view::would_take(one, need));
  for (const auto& other : {fleet_view::need{"other_fp32", "mock", "space", "photos"},
                            fleet_view::need{"mock_fp32", "mock", "strange", "photos"},
                            fleet_view::need{"mock_fp32", "mock", "space", "tapes", true}})
    EXPECT_FALSE(fleet_view::would_take(one, other));
  one.takes_remote = true;
  EXPECT_TRUE(fleet_view::would_take(one, {"mock_fp32", "mock", "space", "tapes", true}));
}

TEST(fleet_view, the_last_heartbeat_of_a_worker_counts_also_when_it_started_again) {
  fleet_view fleet;
  fleet.heard(beat("a", 4), start);
  auto again = beat("a", 2);
  again.instance = "another";
  fleet.heard(again, start + 4s);
  EXPECT_EQ(fleet.credit_of("mock_fp32", start + 4s), 2U);
  EXPECT_EQ(fleet.devices(start + 4s).size(), 1U);
}

TEST(fleet_view, workers_of_one_name_that_live_side_by_side_all_count) {
  fleet_view fleet;
  auto other = beat("a", 2);
  other.instance = "another";
  for (int second = 0; second < 10; ++second) {
    fleet.heard(beat("a", 4), start + std::chrono::seconds(second));
    fleet.heard(other, start + std::chrono::seconds(second));
  }
  EXPECT_EQ(fleet.credit_of("mock_fp32", start + 9s), 6U);
}

TEST(fleet_view, shows_suspect_devices_as_silent_and_forgets_those_that_are_gone) {
  fleet_view fleet;
  fleet.heard(beat("a"), start);
  auto leaving = beat("b");
  leaving.draining = true;
  fleet.heard(leaving, start + 8s);
  auto devices = fleet.devices(start + 8s);
  ASSERT_EQ(devices.size(), 2U);
  EXPECT_EQ(devices[0].state, "silent");
  EXPECT_EQ(devices[1].state, "draining");
  EXPECT_EQ(fleet.devices(start + 15s).size(), 2U);
  EXPECT_EQ(fleet.devices(start + 16s).size(), 1U);
  EXPECT_TRUE(fleet.devices(start + 1h).empty());
}

TEST(fleet_view, says_what_a_session_is_waiting_for_one_step_at_a_time) {
  fleet_view fleet;
  EXPECT_EQ(fleet.why_idle(need, start), "no worker");
  auto worker = beat("a", 0);
  worker.draining = true;
  fleet.heard(worker, start);
  EXPECT_EQ(fleet.why_idle(need, start), "no worker");
  worker.draining = false;
  worker.pool = "other";
  fleet.heard(worker, start);
  EXPECT_EQ(fleet.why_idle(need, start), "no worker for model mock (pool mock_fp32)");
  worker.pool = "mock_fp32";
  worker.space_id = "elsewhere";
  fleet.heard(worker, start);
  EXPECT_NE(fleet.why_idle(need, start).find("other weights"), std::string::npos);
  worker.space_id = "space";
  worker.roots = {"scans"};
  fleet.heard(worker, start);
  EXPECT_NE(fleet.why_idle(need, start).find("root named 'photos'"), std::string::npos);
  worker.roots = {"scans", "photos"};
  fleet.heard(worker, start);
  EXPECT_EQ(fleet.why_idle(need, start), "no device is ready");
  worker.credit = 1;
  fleet.heard(worker, start);
  EXPECT_EQ(fleet.why_idle(need, start), "");
  EXPECT_EQ(fleet.why_idle(need, start + 6s), "no worker");
}

TEST(fleet_view, a_worker_without_the_root_will_do_where_images_travel_and_it_asks_for_them) {
  fleet_view fleet;
  auto worker = beat("a");
  worker.roots = {};
  fleet.heard(worker, start);
  auto remote = need;
  remote.remote = true;
  EXPECT_NE(fleet.why_idle(remote, start).find("root named"), std::string::npos)
      << "an older worker does not ask";
  worker.takes_remote = true;
  fleet.heard(worker, start);
  EXPECT_EQ(fleet.why_idle(remote, start), "");
  EXPECT_NE(fleet.why_idle(need, start).find("root named"), std::string::npos);
}

TEST(fleet_view, does_not_ask_for_weights_that_nobody_named) {
  fleet_view fleet;
  auto worker = beat("a");
  worker.space_id = "elsewhere";
  fleet.heard(worker, start);
  auto open = need;
  open.space_id.clear();
  EXPECT_EQ(fleet.why_idle(open, start), "");
}

} // namespace
} // namespace trainyard
