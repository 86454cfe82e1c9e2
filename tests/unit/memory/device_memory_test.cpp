// Reading and collecting memory, on the device that every machine has.
#include "actors/device/memory/device_memory.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "actors/device/memory/autorelease_pool.hpp"
#include "actors/device/memory/process_memory.hpp"

namespace trainyard {
namespace {

constexpr std::size_t block_bytes = 64U << 20;

TEST(device_memory, the_cpu_reports_the_process_and_the_machine) {
  device_memory memory({});
  const auto now = memory.read();
  EXPECT_GT(now.in_use_bytes, 1U << 20);
  EXPECT_GT(now.limit_bytes, now.in_use_bytes);
  EXPECT_GE(now.peak_bytes, now.in_use_bytes);
  EXPECT_LE(now.limit_bytes, std::uint64_t{1} << 50);
}

#ifndef __SANITIZE_ADDRESS__ // whose heap keeps what is freed, to catch later uses
TEST(device_memory, touched_memory_shows_in_use_and_in_the_peak_until_the_peak_is_reset) {
  device_memory memory({});
  const auto before = memory.read();
  {
    std::vector<char> block(block_bytes, 'x');
    EXPECT_GE(memory.read().in_use_bytes, before.in_use_bytes + block_bytes / 2);
    EXPECT_EQ(block[block_bytes / 3], 'x');
  }
  ASSERT_TRUE(memory.collect().has_value());
  const auto after = memory.read();
  EXPECT_LT(after.in_use_bytes, before.in_use_bytes + block_bytes / 2);
  EXPECT_GE(after.peak_bytes, before.in_use_bytes + block_bytes / 2);
  memory.reset_peak();
  EXPECT_LT(memory.read().peak_bytes, after.peak_bytes);
}

TEST(device_memory, kept_memory_stays_until_a_collection_gives_it_back) {
  keep_freed_memory();
  device_memory memory({});
  const auto before = memory.read().in_use_bytes;
  { const std::vector<char> block(block_bytes, 'x'); }
  const auto kept = memory.read().in_use_bytes;
  ASSERT_TRUE(memory.collect().has_value());
  const auto collected = memory.read().in_use_bytes;
#ifdef __GLIBC__
  EXPECT_GT(kept, before + block_bytes / 2);
#endif
  EXPECT_LT(collected, before + block_bytes / 2);
  EXPECT_LE(collected, kept);
}
#endif

TEST(device_memory, synchronising_the_cpu_is_nothing) {
  EXPECT_TRUE(device_memory({}).synchronize().has_value());
}

TEST(device_memory, a_fraction_of_the_device_scales_its_limit) {
  const auto all = device_memory({}).read().limit_bytes;
  EXPECT_NEAR(static_cast<double>(device_memory({}, 0.5).read().limit_bytes), 0.5 * static_cast<double>(all),
              1);
}

TEST(device_memory, a_device_that_is_not_here_reads_zero_and_reports_itself_lost) {
  for (const auto* kind : {"cuda", "mps", "xpu", "nonsense"}) {
    device_memory memory({.id = "x:7", .kind = kind, .name = "", .index = 7});
    EXPECT_EQ(memory.read().in_use_bytes, 0U);
    memory.reset_peak();
    const auto done = memory.collect();
    ASSERT_FALSE(done.has_value()) << kind;
    EXPECT_EQ(done.error().kind, failure_kind::device_lost);
    EXPECT_EQ(done.error().cause.find('\n'), std::string::npos);
  }
}

TEST(device_memory, autorelease_pools_nest) {
  const autorelease_pool outer;
  const autorelease_pool inner;
}

} // namespace
} // namespace trainyard
