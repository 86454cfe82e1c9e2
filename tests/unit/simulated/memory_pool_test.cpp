// The simulated device's memory behaves as those that it stands for.
#include "tests/support/simulated_device/memory_pool.hpp"

#include <gtest/gtest.h>

namespace trainyard::testing {
namespace {

constexpr std::size_t kib = 1024;

struct pool_bench : ::testing::Test {
  memory_pool pool;
  void cap(std::uint64_t bytes, bool retains = false) {
    simulated_settings settings;
    settings.cap_bytes = bytes;
    settings.retains = retains;
    pool.configure(settings);
  }
  void* granted(std::size_t bytes) {
    const auto got = pool.take(bytes);
    EXPECT_EQ(got.why, refusal::none);
    return got.block;
  }
};

TEST_F(pool_bench, a_freed_block_is_kept_and_used_again) {
  auto* first = granted(64 * kib);
  pool.give_back(first);
  EXPECT_EQ(pool.counts().live_bytes, 0U);
  EXPECT_EQ(pool.counts().reserved_bytes, 64 * kib);
  EXPECT_EQ(granted(60 * kib), first) << "it is not much too large";
  EXPECT_EQ(pool.counts().reserved_bytes, 64 * kib);
}

TEST_F(pool_bench, a_block_that_is_much_too_large_is_not_used_for_a_small_one) {
  auto* large = granted(64 * kib);
  pool.give_back(large);
  EXPECT_NE(granted(4 * kib), large);
}

TEST_F(pool_bench, the_cache_is_emptied_before_anything_is_refused) {
  cap(100 * kib);
  pool.give_back(granted(80 * kib));
  (void)granted(40 * kib);
  EXPECT_EQ(pool.counts().reserved_bytes, 40 * kib);
  EXPECT_EQ(pool.take(80 * kib).why, refusal::out_of_memory);
  EXPECT_EQ(pool.counts().refusals, 1U);
  EXPECT_EQ(pool.counts().reserved_bytes, 40 * kib) << "a refusal changes nothing";
}

TEST_F(pool_bench, what_is_retained_is_neither_free_nor_reusable_until_the_device_is_synchronised) {
  cap(100 * kib, /*retains=*/true);
  auto* first = granted(60 * kib);
  pool.give_back(first);
  EXPECT_EQ(pool.counts().retained_bytes, 60 * kib);
  EXPECT_EQ(pool.take(60 * kib).why, refusal::out_of_memory);
  pool.synchronize();
  EXPECT_EQ(granted(60 * kib), first);
}

TEST_F(pool_bench, a_collection_frees_all_that_is_not_live) {
  cap(1024 * kib, /*retains=*/true);
  (void)granted(16 * kib);
  pool.give_back(granted(200 * kib));
  pool.empty_cache();
  EXPECT_EQ(pool.counts().reserved_bytes, 16 * kib);
  EXPECT_EQ(pool.counts().collections, 1U);
  EXPECT_EQ(pool.counts().peak_reserved_bytes, 216 * kib);
  pool.reset_peaks();
  EXPECT_EQ(pool.counts().peak_reserved_bytes, 16 * kib);
}

TEST_F(pool_bench, one_allocation_fails_on_order_and_the_next_does_not) {
  pool.fail_one_allocation(2);
  (void)granted(kib);
  EXPECT_EQ(pool.take(kib).why, refusal::out_of_memory);
  (void)granted(kib);
}

TEST_F(pool_bench, every_nth_allocation_fails_on_order) {
  simulated_settings settings;
  settings.fail_every = 10;
  pool.configure(settings);
  int failed = 0;
  for (int i = 0; i < 100; ++i)
    failed += pool.take(kib).why == refusal::out_of_memory ? 1 : 0;
  EXPECT_EQ(failed, 10);
}

TEST_F(pool_bench, a_lost_device_grants_nothing) {
  simulated_settings settings;
  settings.fault = device_fault::lost;
  pool.configure(settings);
  EXPECT_EQ(pool.take(kib).why, refusal::lost);
}

} // namespace
} // namespace trainyard::testing
