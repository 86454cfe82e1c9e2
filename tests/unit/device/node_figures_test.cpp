// What a worker tells of its devices: totals for ever, rates of late.
#include "actors/device/node_figures.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

using namespace std::chrono_literals;
const node_figures::time_point start{1000s};

node_heartbeat worker() {
  node_heartbeat of;
  of.node = "n1";
  for (const auto* id : {"cuda:0", "cuda:1"}) {
    of.devices.emplace_back().id = id;
    of.devices.back().state = "starting";
  }
  return of;
}
batch_result done(std::size_t embedded, std::size_t failed, std::uint64_t after, std::uint64_t peak) {
  batch_result one;
  one.embedded.resize(embedded);
  one.failed.resize(failed);
  one.memory.after_bytes = after;
  one.memory.peak_bytes = peak;
  one.memory.limit_bytes = 1000;
  return one;
}

TEST(node_figures, counts_images_and_batches_of_each_device) {
  node_figures figures(worker(), start);
  figures.embedded(0, done(10, 2, 50, 90), start + 1s);
  figures.embedded(0, done(5, 0, 40, 80), start + 2s);
  figures.embedded(1, done(1, 0, 7, 8), start + 2s);
  const auto beat = figures.heartbeat(4, 3, false, start + 2s);
  EXPECT_EQ(beat.devices[0].images, 15U);
  EXPECT_EQ(beat.devices[0].batches, 2U);
  EXPECT_EQ(beat.devices[1].images, 1U);
}

TEST(node_figures, memory_is_the_last_batchs_and_its_peak_the_highest_of_all) {
  node_figures figures(worker(), start);
  figures.embedded(0, done(1, 0, 50, 90), start);
  figures.embedded(0, done(1, 0, 40, 80), start);
  const auto beat = figures.heartbeat(0, 0, false, start);
  EXPECT_EQ(beat.devices[0].memory_bytes, 40U);
  EXPECT_EQ(beat.devices[0].memory_peak_bytes, 90U);
  EXPECT_EQ(beat.devices[0].memory_limit_bytes, 1000U);
}

TEST(node_figures, rates_are_of_the_last_seconds_and_add_up) {
  node_figures figures(worker(), start);
  figures.embedded(0, done(80, 20, 0, 0), start + 5s); // what failed was work as well
  figures.embedded(1, done(50, 0, 0, 0), start + 10s);
  const auto busy = figures.heartbeat(0, 0, false, start + 10s);
  EXPECT_DOUBLE_EQ(busy.devices[0].images_per_second, 10);
  EXPECT_DOUBLE_EQ(busy.devices[1].images_per_second, 5);
  EXPECT_DOUBLE_EQ(busy.images_per_second, 15);
  const auto later = figures.heartbeat(0, 0, false, start + 60s);
  EXPECT_DOUBLE_EQ(later.images_per_second, 0);
  EXPECT_EQ(later.devices[0].images, 80U);
}

TEST(node_figures, says_what_it_is_told) {
  node_figures figures(worker(), start);
  figures.device_is(1, "ready");
  const auto beat = figures.heartbeat(4, 3, true, start);
  EXPECT_EQ(beat.node, "n1");
  EXPECT_EQ(beat.credit, 4U);
  EXPECT_EQ(beat.in_hand, 3U);
  EXPECT_TRUE(beat.draining);
  EXPECT_EQ(beat.devices[0].state, "starting");
  EXPECT_EQ(beat.devices[1].state, "ready");
}

TEST(node_figures, a_device_that_it_was_not_made_with_is_ignored) {
  node_figures figures(worker(), start);
  figures.device_is(2, "ready");
  figures.embedded(7, done(1, 0, 1, 1), start);
  EXPECT_EQ(figures.heartbeat(0, 0, false, start).devices, worker().devices);
  node_figures(node_heartbeat{}, start).device_is(0, "ready");
}

} // namespace
} // namespace trainyard
