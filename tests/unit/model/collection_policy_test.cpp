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

TEST(collection_policy_test, TheCountSurvivesBatchBordersAndCarriesItsRest) {
  collection_policy policy({.interval_images = 50});
  int collections = 0;
  for (int i = 0; i < 100; ++i) // 1600 images by 16
    collections += policy.after_micro_batch(16, low) == collection::interval ? 1 : 0;
  EXPECT_EQ(collections, 32);
}

TEST(collection_policy_test, AMicroBatchLargerThanTheIntervalCollectsOnce) {
  collection_policy policy({.interval_images = 10});
  EXPECT_EQ(policy.after_micro_batch(64, low), collection::interval);
  EXPECT_EQ(policy.images_since(), 4U);
}

TEST(collection_policy_test, ExactlyTheIntervalCollectsAndOneLessDoesNot) {
  collection_policy policy({.interval_images = 8});
  EXPECT_EQ(policy.after_micro_batch(7, low), collection::none);
  EXPECT_EQ(policy.after_micro_batch(1, low), collection::interval);
  EXPECT_EQ(policy.after_micro_batch(0, low), collection::none);
}

TEST(collection_policy_test, DisabledNeverCollects) {
  collection_policy policy({.enabled = false, .interval_images = 1});
  EXPECT_EQ(policy.after_micro_batch(1000, holding(1000)), collection::none);
}

TEST(collection_policy_test, TheSoftMarkCollectsEarlyAndRestartsTheCount) {
  collection_policy policy({.interval_images = 50, .soft_mark = 0.8});
  EXPECT_EQ(policy.after_micro_batch(16, holding(799)), collection::none);
  EXPECT_EQ(policy.after_micro_batch(16, holding(800)), collection::soft_mark);
  EXPECT_EQ(policy.images_since(), 0U);
  EXPECT_EQ(policy.after_micro_batch(16, holding(300)), collection::none);
  EXPECT_EQ(policy.after_micro_batch(16, holding(900)), collection::soft_mark);
}

TEST(collection_policy_test, WhatACollectionCannotFreeIsNotCollectedAgainAfterEveryMicroBatch) {
  collection_policy policy({.interval_images = 0, .soft_mark = 0.8});
  EXPECT_EQ(policy.after_micro_batch(8, holding(900)), collection::soft_mark);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(policy.after_micro_batch(8, holding(900)), collection::none);
  EXPECT_EQ(policy.after_micro_batch(8, holding(940)), collection::soft_mark) << "it grew by more than 1/32";
}

TEST(collection_policy_test, ADeviceWithoutALimitHasNoSoftMark) {
  collection_policy policy({.interval_images = 50});
  EXPECT_EQ(policy.after_micro_batch(1, {.limit_bytes = 0, .in_use_bytes = 1U << 30}), collection::none);
}

TEST(collection_policy_test, ReasonsHaveNames) {
  EXPECT_EQ(to_string(collection::interval), "interval");
  EXPECT_EQ(to_string(collection::soft_mark), "soft_mark");
  EXPECT_EQ(to_string(collection::none), "none");
}

} // namespace
} // namespace trainyard
