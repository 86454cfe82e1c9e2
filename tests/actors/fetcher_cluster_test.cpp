// A worker among others: it leaves alone what it cannot read, and tells what it has and does.
#include "tests/actors/fetcher_bench.hpp"

namespace trainyard::testing {
namespace {

struct fetcher_cluster : fetcher_bench {
  [[nodiscard]] fetcher_config config() const override {
    auto with = fetcher_bench::config();
    with.roots = {"photos", "scans"};
    with.heartbeat_interval = 10ms;
    with.heartbeat_subject = "trainyard.events.node.n1";
    with.heartbeat.node = "n1";
    with.heartbeat.pool = "mock_fp32";
    with.heartbeat.devices.emplace_back().id = "cpu";
    with.heartbeat.devices.back().state = "starting";
    return with;
  }
  [[nodiscard]] std::optional<node_heartbeat> last_beat() const {
    const auto told = link.told();
    return told.empty() ? std::nullopt : std::optional(decode<node_heartbeat>(told.back().second).value());
  }
  template <class Holds>
  [[nodiscard]] bool tells_that(Holds holds) const {
    return eventually(5s, [&] {
      const auto beat = last_beat();
      return beat && holds(*beat);
    });
  }
};

TEST_F(fetcher_cluster, hands_back_work_of_a_root_that_it_does_not_have_and_asks_for_other_work) {
  device_comes_up();
  deliver(1, "one", "space", "tapes");
  ASSERT_TRUE(eventually(5s, [&] { return link.count("back one") == 1; }));
  EXPECT_TRUE(eventually(5s, [&] { return link.credit() == 3; }));
  deliver(2, "two", "space", "scans");
  ASSERT_TRUE(eventually(5s, [&] { return link.count("ack two") == 1; }));
  EXPECT_EQ(link.count("ack one"), 0U);
  EXPECT_EQ(link.results().size(), 1U);
}

struct fetcher_far_away : fetcher_cluster {
  std::atomic<bool> known_to_be_silent = false;
  [[nodiscard]] fetcher_config config() const override {
    auto with = fetcher_cluster::config();
    with.roots.clear();
    with.takes_remote = true;
    with.is_out_of_reach = [this](const std::string&) { return known_to_be_silent.load(); };
    return with;
  }
};

TEST_F(fetcher_far_away, leaves_a_batch_whose_images_nobody_sends_to_others_and_asks_for_another) {
  device_comes_up();
  nobody_sends = true;
  deliver(1, "one", "space", "photos", 1, true);
  ASSERT_TRUE(eventually(5s, [&] { return link.count("back one") == 1; }));
  EXPECT_TRUE(eventually(5s, [&] { return link.credit() == 3; }));
  nobody_sends = false;
  deliver(1, "again", "space", "photos", 2, true);
  ASSERT_TRUE(eventually(5s, [&] { return link.count("ack again") == 1; }));
  EXPECT_EQ(link.count("ack one"), 0U);
  ASSERT_EQ(link.results().size(), 1U);
  EXPECT_TRUE(link.results()[0].failed.empty()) << "no image failed for that";
}

TEST_F(fetcher_far_away, does_not_even_begin_what_it_knows_that_nobody_sends) {
  device_comes_up();
  known_to_be_silent = true;
  deliver(1, "one", "space", "photos", 9, true);
  ASSERT_TRUE(eventually(5s, [&] { return link.count("back one") == 1; }));
  EXPECT_TRUE(link.results().empty()) << "it said that suspected work begins, and handed it back";
}

TEST_F(fetcher_far_away, keeps_suspected_work_that_was_said_to_begin_until_somebody_sends_its_images) {
  device_comes_up();
  nobody_sends = true;
  deliver(1, "one", "space", "photos", 9, true);
  ASSERT_TRUE(eventually(5s, [&] { return link.results().size() >= 3; }))
      << "it is read again, once in a while";
  nobody_sends = false;
  ASSERT_TRUE(eventually(5s, [&] { return link.count("ack one") == 1; }));
  EXPECT_EQ(link.count("back one"), 0U);
  const auto told = link.results();
  for (std::size_t i = 0; i + 1 < told.size(); ++i)
    EXPECT_EQ(told[i].word, told[0].word) << "no second beginning";
}

TEST_F(fetcher_far_away, takes_what_coordinators_send_and_hands_back_what_needs_the_disk) {
  device_comes_up();
  deliver(1, "one", "space", "photos");
  ASSERT_TRUE(eventually(5s, [&] { return link.count("back one") == 1; }));
  deliver(2, "two", "space", "photos", 1, true);
  ASSERT_TRUE(eventually(5s, [&] { return link.count("ack two") == 1; }));
  EXPECT_EQ(link.results().size(), 1U);
}

TEST_F(fetcher_cluster, does_not_take_remote_work_without_a_way_to_its_images) {
  device_comes_up();
  deliver(1, "one", "space", "tapes", 1, true);
  EXPECT_TRUE(eventually(5s, [&] { return link.count("back one") == 1; }));
}

TEST_F(fetcher_cluster, tells_from_the_start_and_regularly_that_it_lives) {
  EXPECT_TRUE(eventually(5s, [&] { return link.told().size() >= 3; }));
  EXPECT_EQ(link.told().front().first, "trainyard.events.node.n1");
  const auto first = decode<node_heartbeat>(link.told().front().second).value();
  EXPECT_EQ(first.node, "n1");
  EXPECT_EQ(first.pool, "mock_fp32");
  EXPECT_EQ(first.credit, 0U);
  EXPECT_EQ(first.devices.at(0).state, "starting");
}

TEST_F(fetcher_cluster, tells_its_credit_what_it_holds_and_what_its_devices_have_done) {
  *hold = true;
  device_comes_up();
  EXPECT_TRUE(
      tells_that([](const auto& beat) { return beat.credit == 2 && beat.devices[0].state == "ready"; }));
  deliver(1, "one");
  EXPECT_TRUE(tells_that([](const auto& beat) { return beat.in_hand == 1; }));
  tell(fetch, device_lost{0});
  EXPECT_TRUE(tells_that([](const auto& beat) { return beat.devices[0].state == "lost"; }));
  *hold = false;
  device_comes_up();
  EXPECT_TRUE(tells_that([](const auto& beat) {
    return beat.in_hand == 0 && beat.devices[0].batches == 1 && beat.devices[0].images == 2;
  }));
}

TEST_F(fetcher_cluster, tells_that_it_is_idle_once_its_hands_have_been_empty_for_a_moment) {
  EXPECT_TRUE(tells_that([](const auto& beat) { return beat.devices[0].state == "starting" && !beat.idle; }));
  device_comes_up();
  EXPECT_TRUE(tells_that([](const auto& beat) { return beat.idle; }));
  *hold = true;
  deliver(1, "one");
  EXPECT_TRUE(tells_that([](const auto& beat) { return beat.in_hand == 1 && !beat.idle; }));
  tell(fetch, device_lost{0});
  *hold = false;
  device_comes_up();
  EXPECT_TRUE(tells_that([](const auto& beat) { return beat.in_hand == 0 && beat.idle; }));
  tell(fetch, drain_work{});
  EXPECT_TRUE(tells_that([](const auto& beat) { return beat.draining && !beat.idle; }));
}

struct fetcher_seldom_heard : fetcher_cluster {
  [[nodiscard]] fetcher_config config() const override {
    auto with = fetcher_cluster::config();
    with.heartbeat_interval = 1h;
    return with;
  }
};

TEST_F(fetcher_seldom_heard, does_not_wait_for_its_next_heartbeat_to_say_that_it_is_idle) {
  device_comes_up();
  EXPECT_TRUE(tells_that([](const auto& beat) { return beat.idle; }));
}

TEST_F(fetcher_cluster, a_worker_that_drains_says_so_at_once_and_offers_no_credit) {
  device_comes_up();
  tell(fetch, drain_work{});
  EXPECT_TRUE(tells_that([](const auto& beat) { return beat.draining && beat.credit == 0; }));
}

} // namespace
} // namespace trainyard::testing
