// When the policy asks for a collection.
#include "actors/device/memory/collection_policy.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

constexpr memory_reading low{
    .limit_bytes = 1000, .in_use_bytes = 100, .reserved_bytes = 200, .peak_bytes = 300};

memory_reading holding(std::uint64_t bytes) {
  return {.limit_bytes = 1000, .in_use_bytes = 100, .reserved_bytes = bytes, .peak_bytes = bytes};
}

TEST(collection_policy, the_count_survives_batch_borders_and_carries_its_rest) {
  collection_policy policy({.interval_images = 50});
  int collections = 0;
  for (int i = 0; i < 100; ++i) // 1600 images by 16
    collections += policy.after_micro_batch(16, low) == collection::interval ? 1 : 0;
  EXPECT_EQ(collections, 32);
}

TEST(collection_policy, a_micro_batch_larger_than_the_interval_collects_once) {
  collection_policy policy({.interval_images = 10});
  EXPECT_EQ(policy.after_micro_batch(64, low), collection::interval);
  EXPECT_EQ(policy.images_since(), 4U);
}

TEST(collection_policy, exactly_the_interval_collects_and_one_less_does_not) {
  collection_policy policy({.interval_images = 8});
  EXPECT_EQ(policy.after_micro_batch(7, low), collection::none);
  EXPECT_EQ(policy.after_micro_batch(1, low), collection::interval);
  EXPECT_EQ(policy.after_micro_batch(0, low), collection::none);
}

TEST(collection_policy, disabled_never_collects) {
  collection_policy policy({.enabled = false, .interval_images = 1});
  EXPECT_EQ(policy.after_micro_batch(1000, holding(1000)), collection::none);
}

TEST(collection_policy, the_soft_mark_collects_early_and_restarts_the_count) {
  collection_policy policy({.interval_images = 50, .soft_mark = 0.8});
  EXPECT_EQ(policy.after_micro_batch(16, holding(799)), collection::none);
  EXPECT_EQ(policy.after_micro_batch(16, holding(800)), collection::soft_mark);
  policy.collected(holding(200));
  EXPECT_EQ(policy.images_since(), 0U);
  EXPECT_EQ(policy.after_micro_batch(16, holding(300)), collection::none);
  EXPECT_EQ(policy.after_micro_batch(16, holding(900)), collection::soft_mark);
}

TEST(collection_policy, what_a_collection_cannot_free_is_not_collected_again_after_every_micro_batch) {
  collection_policy policy({.interval_images = 0, .soft_mark = 0.8});
  EXPECT_EQ(policy.after_micro_batch(8, holding(900)), collection::soft_mark);
  policy.collected(holding(900));
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(policy.after_micro_batch(8, holding(900)), collection::none);
  EXPECT_EQ(policy.after_micro_batch(8, holding(940)), collection::soft_mark) << "it grew by more than 1/32";
}

TEST(collection_policy, what_every_pass_takes_up_again_is_not_collected_after_every_pass) {
  collection_policy policy({.interval_images = 0, .soft_mark = 0.8});
  EXPECT_EQ(policy.after_micro_batch(8, holding(900)), collection::soft_mark);
  policy.collected(holding(100)); // all of it was one pass's cache
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(policy.after_micro_batch(8, holding(900)), collection::none);
  EXPECT_EQ(policy.after_micro_batch(8, holding(950)), collection::soft_mark) << "growth beyond that is";
}

TEST(collection_policy, the_hard_mark_collects_before_a_pass_and_only_what_that_leaves_is_pressure) {
  collection_policy policy({.interval_images = 50, .soft_mark = 0.8, .hard_mark = 0.95});
  EXPECT_EQ(policy.before_micro_batch(holding(940)), collection::none);
  EXPECT_EQ(policy.before_micro_batch(holding(950)), collection::hard_mark);
  EXPECT_FALSE(policy.is_under_pressure(holding(950))) << "nothing was collected yet";
  policy.collected(holding(300));
  EXPECT_FALSE(policy.is_under_pressure(holding(300)));
  EXPECT_FALSE(policy.is_under_pressure(holding(960))) << "a pass's cache: a collection would free it";
  EXPECT_EQ(policy.before_micro_batch(holding(960)), collection::hard_mark);
  policy.collected(holding(955));
  EXPECT_TRUE(policy.is_under_pressure(holding(955)));
  EXPECT_FALSE(policy.is_under_pressure(holding(500))) << "others gave way";
}

TEST(collection_policy, what_a_collection_at_the_hard_mark_cannot_free_is_not_collected_again) {
  collection_policy policy({.interval_images = 0, .soft_mark = 0, .hard_mark = 0.9});
  EXPECT_EQ(policy.before_micro_batch(holding(950)), collection::hard_mark);
  policy.collected(holding(950));
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(policy.before_micro_batch(holding(950)), collection::none);
    EXPECT_EQ(policy.after_micro_batch(8, holding(950)), collection::none);
  }
  EXPECT_EQ(policy.before_micro_batch(holding(990)), collection::hard_mark) << "it grew";
}

TEST(collection_policy, passes_that_succeed_only_after_a_collection_are_collected_after) {
  collection_policy policy({.interval_images = 0});
  policy.passed(/*with_help=*/true);
  EXPECT_EQ(policy.after_micro_batch(2, low), collection::none) << "once is chance";
  policy.passed(true);
  for (std::uint32_t i = 0; i < collection_policy::eager_passes; ++i) {
    EXPECT_EQ(policy.after_micro_batch(2, low), collection::soft_mark);
    policy.passed(false);
  }
  EXPECT_EQ(policy.after_micro_batch(2, low), collection::none) << "then it is tried without";
  policy.passed(false);
  policy.passed(true);
  EXPECT_EQ(policy.after_micro_batch(2, low), collection::none);
}

TEST(collection_policy, without_a_limit_or_switched_off_there_are_no_marks) {
  collection_policy policy({.interval_images = 50});
  EXPECT_EQ(policy.after_micro_batch(1, {.limit_bytes = 0, .in_use_bytes = 1U << 30}), collection::none);
  EXPECT_EQ(policy.before_micro_batch({.limit_bytes = 0, .in_use_bytes = 1U << 30}), collection::none);
  collection_policy off({.enabled = false});
  EXPECT_EQ(off.before_micro_batch(holding(1000)), collection::none);
  off.collected(holding(1000));
  EXPECT_FALSE(off.is_under_pressure(holding(1000)));
}

} // namespace
} // namespace trainyard
