// The product's device-generic code drives a device that it has never heard of.
#include <thread>

#include <gmock/gmock.h>

#include "actors/device/memory/devices.hpp"
#include "tests/unit/simulated/simulated_bench.hpp"

namespace trainyard {
namespace {

using testing::configure_simulated_device;
using testing::counts_of_simulated_device;
using testing::device_fault;
using testing::shortage_shape;
using testing::simulated_bench;
using testing::simulated_settings;

constexpr std::uint64_t mib = 1U << 20;

TEST_F(simulated_bench, devices_are_found_by_kind_and_index_and_auto_prefers_them_to_the_cpu) {
  for (const auto* selection : {"simdev", "auto", "simdev:0,simdev:1"}) {
    const auto found = enumerate_devices(selection).value();
    ASSERT_EQ(found.size(), 2U) << selection;
    EXPECT_EQ(found[1].id, "simdev:1");
  }
  EXPECT_EQ(enumerate_devices("simdev:2").error().kind, failure_kind::device_unavailable);
}

TEST_F(simulated_bench, vectors_are_those_of_the_cpu_on_every_device) {
  const auto images = batch(4);
  const auto expected = model({})->embed(images.images).value();
  for (const int index : {0, 1}) {
    const auto got = model(device(index))->embed(images.images).value();
    EXPECT_GE(least_cosine(got, expected, got.size() / 4), 0.99999);
    EXPECT_GT(counts_of_simulated_device(index).allocations, 50U) << "it did not run there";
  }
}

TEST_F(simulated_bench, readings_follow_the_model_and_its_passes) {
  simulated_settings settings;
  settings.cap_bytes = 500 * mib;
  configure_simulated_device(0, settings);
  device_memory memory(device(0), 0.5);
  EXPECT_EQ(memory.read().limit_bytes, 250 * mib);
  const auto loaded = model(device(0));
  ASSERT_TRUE(memory.collect());
  const auto weights = memory.read();
  EXPECT_GT(weights.in_use_bytes, 10 * mib);
  EXPECT_LT(weights.in_use_bytes, 30 * mib);
  EXPECT_EQ(weights.reserved_bytes, weights.in_use_bytes);
  memory.reset_peak();
  ASSERT_TRUE(loaded->embed(batch(4).images));
  const auto after = memory.read();
  EXPECT_EQ(after.in_use_bytes, weights.in_use_bytes) << "a tensor of the pass is still alive";
  EXPECT_GT(after.reserved_bytes, weights.reserved_bytes) << "and its memory is cached";
  EXPECT_GT(after.peak_bytes, weights.in_use_bytes + 10 * mib);
  ASSERT_TRUE(memory.collect());
  EXPECT_EQ(memory.read().reserved_bytes, weights.reserved_bytes);
}

TEST_F(simulated_bench, every_shape_of_shortage_is_recognised_and_overcome_by_a_smaller_pass) {
  const auto loaded = model(device(0));
  const auto images = batch(8);
  for (const auto shape : {shortage_shape::typed, shortage_shape::mps_text, shortage_shape::driver_text}) {
    simulated_settings settings;
    settings.cap_bytes = 70 * mib;
    settings.shape = shape;
    configure_simulated_device(0, settings);
    const auto refused = loaded->embed(images.images);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, failure_kind::device_out_of_memory) << refused.error().cause;
    ASSERT_TRUE(device_memory(device(0)).collect());
    EXPECT_TRUE(loaded->embed(std::span(images.images).first(1)));
  }
}

TEST_F(simulated_bench, a_model_that_does_not_fit_is_refused_for_want_of_memory_and_leaves_nothing) {
  simulated_settings settings;
  settings.cap_bytes = 8 * mib;
  configure_simulated_device(0, settings);
  const auto refused = load_model(TRAINYARD_MODELS "/efficientnet-lite0", device(0), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, failure_kind::device_out_of_memory);
}

TEST_F(simulated_bench, numbers_that_are_none_never_leave_a_device) {
  const auto loaded = model(device(0));
  simulated_settings settings;
  settings.fault = device_fault::nan;
  configure_simulated_device(0, settings);
  const auto refused = loaded->embed(batch(2).images);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, failure_kind::vector_invalid);
}

TEST_F(simulated_bench, a_lost_device_fails_passes_and_collections_and_not_for_want_of_memory) {
  const auto loaded = model(device(0));
  simulated_settings settings;
  settings.fault = device_fault::lost;
  configure_simulated_device(0, settings);
  EXPECT_EQ(loaded->embed(batch(1).images).error().kind, failure_kind::forward_failed);
  EXPECT_EQ(device_memory(device(0)).collect().error().kind, failure_kind::device_lost);
}

TEST_F(simulated_bench, two_devices_work_side_by_side) {
  const auto images = batch(4);
  std::array<std::vector<float>, 2> got;
  std::vector<std::thread> threads;
  for (const int index : {0, 1})
    threads.emplace_back([&, index] {
      const auto loaded = model(device(index));
      for (int pass = 0; pass < 3; ++pass)
        got[static_cast<std::size_t>(index)] = loaded->embed(images.images).value();
    });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(got[0], got[1]);
}

} // namespace
} // namespace trainyard
