// Collections happen when they should, and each is counted, timed and said.
#include "actors/device/memory/memory_upkeep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trainyard {
namespace {

using ::testing::HasSubstr;

struct upkeep_bench : ::testing::Test {
  std::vector<std::string> lines;

  /// On the CPU the process is far above 0.001 of a limit and far below all of it.
  memory_upkeep upkeep(collection_settings settings, double fraction = 1.0) {
    return {device_memory({}, fraction), settings,
            [this](const std::string& line) { lines.push_back(line); }};
  }
};

TEST_F(upkeep_bench, a_batch_starts_with_clean_counts_and_ends_with_its_own) {
  auto memory = upkeep({.interval_images = 10});
  memory.begin_batch();
  memory.after_pass(10);
  memory.after_pass(10);
  auto sample = memory.end_batch();
  EXPECT_EQ(sample.collections.interval, 2U);
  EXPECT_EQ(sample.collections.total(), 2U);
  EXPECT_GT(sample.collection_seconds, 0);
  EXPECT_GT(sample.before_bytes, 0U);
  EXPECT_GT(sample.limit_bytes, sample.after_bytes);
  EXPECT_GE(sample.peak_bytes, sample.after_bytes);
  memory.begin_batch();
  EXPECT_EQ(memory.end_batch().collections.total(), 0U);
}

TEST_F(upkeep_bench, the_interval_runs_on_over_batches) {
  auto memory = upkeep({.interval_images = 10});
  std::uint32_t collections = 0;
  for (int batch = 0; batch < 10; ++batch) {
    memory.begin_batch();
    memory.after_pass(3);
    collections += memory.end_batch().collections.interval;
  }
  EXPECT_EQ(collections, 3U);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_THAT(lines[0], HasSubstr("Periodic garbage collection after 10 images processed (cpu, "));
}

TEST_F(upkeep_bench, past_the_hard_mark_it_collects_once_and_asks_for_smaller_passes) {
  auto memory = upkeep({.interval_images = 0, .soft_mark = 0, .hard_mark = 0.0001});
  memory.begin_batch();
  EXPECT_FALSE(memory.make_room()) << "a process cannot fit 0.01 % of the machine";
  EXPECT_FALSE(memory.make_room());
  const auto sample = memory.end_batch();
  EXPECT_EQ(sample.collections.hard_mark, 1U)
      << "what could not be freed is not collected again before each pass";
  EXPECT_THAT(lines.at(0), HasSubstr("hard memory mark"));
}

TEST_F(upkeep_bench, below_the_marks_there_is_room_and_nothing_is_collected) {
  auto memory = upkeep({.interval_images = 0});
  memory.begin_batch();
  EXPECT_TRUE(memory.make_room());
  memory.after_pass(1000);
  EXPECT_EQ(memory.end_batch().collections.total(), 0U);
}

TEST_F(upkeep_bench, the_fraction_that_is_ours_scales_the_limit_and_so_the_marks) {
  auto all = upkeep({});
  auto part = upkeep({}, 0.25);
  all.begin_batch();
  part.begin_batch();
  EXPECT_NEAR(static_cast<double>(part.end_batch().limit_bytes),
              0.25 * static_cast<double>(all.end_batch().limit_bytes), 1.0);
}

TEST_F(upkeep_bench, switched_off_it_collects_only_after_a_shortage) {
  auto memory = upkeep({.enabled = false, .interval_images = 1, .soft_mark = 0.0001, .hard_mark = 0.0001});
  memory.begin_batch();
  EXPECT_TRUE(memory.make_room());
  memory.after_pass(5);
  ASSERT_TRUE(memory.after_shortage(5));
  memory.count_split();
  const auto sample = memory.end_batch();
  EXPECT_EQ(sample.collections, (collection_counts{.out_of_memory = 1}));
  EXPECT_EQ(sample.oom_retries, 1U);
  EXPECT_EQ(sample.oom_splits, 1U);
  EXPECT_THAT(lines.at(0), HasSubstr("Out of memory on cpu with 5 images"));
}

} // namespace
} // namespace trainyard
