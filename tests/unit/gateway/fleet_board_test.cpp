// What events leave behind, on a clock of the test's own.
#include "nodes/fleet/fleet_board.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

using namespace std::chrono_literals;

node_heartbeat beat_of(const std::string& node, std::uint64_t images = 0, std::uint64_t memory = 1000) {
  node_heartbeat beat;
  beat.node = node;
  auto& device = beat.devices.emplace_back();
  device.id = "cpu";
  device.images = images;
  device.memory_bytes = memory;
  device.memory_limit_bytes = 5000;
  return beat;
}

session_progress progress_of(const std::string& session, double rate, std::uint64_t embedded = 0) {
  session_progress progress;
  progress.session_id = session;
  progress.images_per_second = rate;
  progress.embedded = embedded;
  progress.in_flight = 2;
  return progress;
}

struct board_test : ::testing::Test {
  fleet_board board;
  fleet_board::time_point now{1h};
  std::int64_t unix_seconds = 1'000'000;
  void second(bool connected = true) {
    now += 1s;
    board.sample(now, ++unix_seconds, connected);
  }
};

using fleet_board_test = board_test;

TEST_F(fleet_board_test, a_worker_is_live_then_silent_then_gone_then_forgotten) {
  board.heard(beat_of("a"), now);
  second();
  EXPECT_EQ(board.nodes(now).nodes.at(0).state, "live");
  EXPECT_EQ(board.live_workers(now), 1U);
  now += 6s;
  EXPECT_EQ(board.nodes(now).nodes.at(0).state, "silent");
  EXPECT_EQ(board.live_workers(now), 0U);
  now += 10s;
  EXPECT_EQ(board.nodes(now).nodes.at(0).state, "gone");
  EXPECT_NEAR(board.nodes(now).nodes.at(0).last_seen, 1'000'000, 0.01);
  now += 1h;
  second();
  EXPECT_TRUE(board.nodes(now).nodes.empty());
}

TEST_F(fleet_board_test, the_rate_is_the_sum_of_sessions_that_are_heard) {
  board.heard(progress_of("s1", 10), now);
  board.heard(progress_of("s2", 5), now);
  second();
  EXPECT_EQ(board.history().images_per_second, (std::vector<std::optional<double>>{15.0}));
  EXPECT_EQ(board.batches_in_flight(now), 4U);
  now += 10s;
  second();
  EXPECT_EQ(board.history().images_per_second.back(), 0.0);
}

TEST_F(fleet_board_test, without_a_connection_nothing_is_known_which_is_not_zero) {
  board.heard(beat_of("a"), now);
  board.heard(progress_of("s1", 10, 7), now);
  second(false);
  const auto history = board.history();
  EXPECT_EQ(history.images_per_second.back(), std::nullopt);
  EXPECT_EQ(history.devices.at(0).memory_bytes.back(), std::nullopt);
  EXPECT_EQ(board.history_of("s1").embedded.back(), std::nullopt);
  EXPECT_FALSE(board.nodes(now).connected);
}

TEST_F(fleet_board_test, a_devices_rate_comes_from_its_images_and_its_memory_stands_beside_its_limit) {
  for (std::uint64_t i = 0; i <= 12; ++i) {
    board.heard(beat_of("a", i * 8, 2000 + i), now);
    second();
  }
  const auto series = board.history().devices.at(0);
  EXPECT_EQ(series.memory_limit_bytes, 5000U);
  EXPECT_EQ(series.memory_bytes.back(), 2012U);
  EXPECT_EQ(series.images_per_second.front(), std::nullopt);
  EXPECT_EQ(series.images_per_second.back(), 8.0);
  board.heard(beat_of("a", 0), now); // it started again
  second();
  EXPECT_EQ(board.history().devices.at(0).images_per_second.back(), std::nullopt);
}

TEST_F(fleet_board_test, series_have_one_length_whenever_they_began_and_are_bounded) {
  for (std::size_t i = 0; i < fleet_board::history_seconds + 50; ++i) {
    board.heard(beat_of("a"), now);
    if (i > 500)
      board.heard(beat_of("b"), now);
    if (i == 900)
      board.heard(progress_of("s1", 1), now);
    second();
  }
  const auto history = board.history();
  EXPECT_EQ(history.at.size(), fleet_board::history_seconds);
  EXPECT_EQ(history.images_per_second.size(), history.at.size());
  ASSERT_EQ(history.devices.size(), 2U);
  for (const auto& each : history.devices)
    EXPECT_EQ(each.memory_bytes.size(), history.at.size());
  EXPECT_EQ(board.history_of("s1").at.size(), board.history_of("s1").embedded.size());
  EXPECT_TRUE(board.history_of("nobody").at.empty());
}

TEST_F(fleet_board_test, is_bounded_whoever_speaks) {
  for (std::size_t i = 0; i < fleet_board::most_nodes + 100; ++i) {
    board.heard(beat_of("n" + std::to_string(i)), now);
    board.heard(progress_of("s" + std::to_string(i), 1), now);
  }
  second();
  EXPECT_EQ(board.nodes(now).nodes.size(), fleet_board::most_nodes);
  EXPECT_EQ(board.history().devices.size(), fleet_board::most_series);
}

} // namespace
} // namespace trainyard
