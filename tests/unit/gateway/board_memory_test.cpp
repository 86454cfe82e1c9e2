// What a board takes over from the one before it, and what it does not believe.
#include "nodes/fleet/board_memory.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "messages/codec.hpp"
#include "nodes/fleet/fleet_board.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;

struct board_memory_test : ::testing::Test {
  fleet_board before;
  fleet_board after;
  fleet_board::time_point now{1h};
  std::int64_t unix_seconds = 1'000'000;

  void SetUp() override {
    for (std::uint64_t second = 1; second <= 20; ++second) {
      node_heartbeat beat;
      beat.node = "a";
      auto& device = beat.devices.emplace_back();
      device.id = "cpu";
      device.images = 10 * second;
      device.memory_bytes = 100 + second;
      device.memory_limit_bytes = 5000;
      before.heard(std::move(beat), now);
      session_progress progress;
      progress.session_id = "s1";
      progress.images_per_second = 10;
      progress.embedded = 10 * second;
      before.heard(std::move(progress), now);
      before.sample(now, ++unix_seconds, true);
      now += 1s;
    }
  }
  /// As a new process reads it.
  [[nodiscard]] board_memory written() const {
    const auto bytes = to_msgpack(before.remember(now));
    return decode<board_memory>(bytes).value();
  }
};

TEST_F(board_memory_test, series_go_on_with_the_time_between_unknown) {
  ASSERT_TRUE(after.recall(written(), fleet_board::time_point(1s), unix_seconds + 6));
  after.sample(fleet_board::time_point(1s), unix_seconds + 6, true);
  const auto all = after.history();
  ASSERT_EQ(all.at.size(), 26U);
  EXPECT_EQ(all.at.front(), 1'000'001);
  for (std::size_t i = 0; i < all.at.size(); ++i)
    EXPECT_EQ(all.at[i], 1'000'001 + static_cast<std::int64_t>(i));
  ASSERT_EQ(all.devices.size(), 1U);
  EXPECT_EQ(all.devices[0].memory_limit_bytes, 5000U);
  EXPECT_EQ(all.devices[0].memory_bytes.size(), all.at.size());
  EXPECT_EQ(all.devices[0].memory_bytes[19], 120U);
  EXPECT_EQ(all.devices[0].images_per_second[19], 10);
  EXPECT_EQ(all.devices[0].memory_bytes[20], std::nullopt);
  EXPECT_EQ(all.images_per_second[19], 10);
  EXPECT_EQ(all.images_per_second[22], std::nullopt);
  const auto session = after.history_of("s1");
  ASSERT_EQ(session.at.size(), 26U);
  EXPECT_EQ(session.embedded[19], 200U);
  EXPECT_EQ(session.embedded[24], std::nullopt);
}

TEST_F(board_memory_test, a_worker_that_was_not_heard_since_is_shown_as_gone_and_not_forgotten) {
  ASSERT_TRUE(after.recall(written(), now, unix_seconds + 120));
  const auto page = after.nodes(now);
  ASSERT_EQ(page.nodes.size(), 1U);
  EXPECT_EQ(page.nodes[0].state, "gone");
  EXPECT_NEAR(page.nodes[0].silent_seconds, 121, 1.5);
  EXPECT_EQ(after.live_workers(now), 0U);
}

TEST_F(board_memory_test, what_is_older_than_the_series_are_long_leaves_only_unknown) {
  ASSERT_TRUE(after.recall(written(), now, unix_seconds + 5000));
  const auto all = after.history();
  EXPECT_EQ(all.at.size(), fleet_board::history_seconds);
  EXPECT_TRUE(std::ranges::none_of(all.images_per_second, [](const auto& each) { return each.has_value(); }));
}

TEST_F(board_memory_test, a_memory_from_the_future_or_that_does_not_fit_together_is_not_taken) {
  EXPECT_FALSE(after.recall(written(), now, unix_seconds - 1)) << "a clock that was set back";
  auto longer = written();
  longer.devices[0].images.push_back(1);
  EXPECT_FALSE(after.recall(longer, now, unix_seconds));
  auto unsorted = written();
  std::swap(unsorted.at.front(), unsorted.at.back());
  EXPECT_FALSE(after.recall(unsorted, now, unix_seconds));
  auto endless = written();
  endless.at.resize(fleet_board::history_seconds + 1, unix_seconds);
  endless.images_per_second.resize(endless.at.size());
  EXPECT_FALSE(after.recall(endless, now, unix_seconds));
  EXPECT_FALSE(after.recall({}, now, unix_seconds));
  EXPECT_TRUE(after.history().at.empty());
  EXPECT_FALSE(before.recall(written(), now, unix_seconds)) << "a board that has seen something";
}

} // namespace
} // namespace trainyard
