// What is promised of device memory holds on every device of the machine that runs this.
#include <gtest/gtest.h>

#include "actors/device/batch_embedder.hpp"
#include "actors/device/memory/devices.hpp"
#include "actors/device/model/lane_set.hpp"

namespace trainyard {
namespace {

constexpr std::uint64_t mib = 1U << 20;

class every_device : public ::testing::TestWithParam<device_spec> {
protected:
  static std::unique_ptr<embedding_model> loaded(const device_spec& on) {
    return load_device_model(TRAINYARD_MODELS "/efficientnet-lite0", on,
                             {.max_micro_batch = 8, .cpu_threads = 2})
        .value();
  }
  static prepared_batch batch_of(std::size_t images) {
    prepared_batch batch;
    work_batch work;
    for (std::uint32_t i = 0; i < images; ++i) {
      prepared_image image;
      image.path = "p" + std::to_string(i);
      image.pixels.assign(std::size_t{224} * 224 * 3, 0);
      for (std::size_t at = 0; at < image.pixels.size(); ++at)
        image.pixels[at] = static_cast<std::uint8_t>(at * (i + 1) / 97);
      work.assets.push_back({image.path, 1, 1});
      batch.images.push_back(std::move(image));
      batch.positions.push_back(i);
    }
    batch.work = std::make_shared<const work_batch>(std::move(work));
    return batch;
  }
};

TEST_P(every_device, memory_is_flat_over_a_hundred_batches_of_every_size) {
  const auto& device = GetParam();
  const auto model = loaded(device);
  batch_embedder embedder(*model,
                          memory_upkeep(device_memory(device), {.interval_images = 50}, [](const auto&) {}),
                          {.gpu_batch_size = 8, .collection = {}});
  std::vector<std::uint64_t> after;
  for (std::size_t number = 0; number < 100; ++number) {
    const auto done = embedder.embed(batch_of(1 + number % 13)).value();
    EXPECT_EQ(done.embedded.size(), 1 + number % 13);
    after.push_back(done.memory.after_bytes);
  }
  const auto highest = [&](std::size_t first) {
    return *std::max_element(after.begin() + static_cast<std::ptrdiff_t>(first),
                             after.begin() + static_cast<std::ptrdiff_t>(first + 40));
  };
  EXPECT_LE(highest(60), highest(20) + 16 * mib);
}

TEST_P(every_device, vectors_are_those_of_the_cpu) {
  const auto images = batch_of(5);
  const auto expected = loaded({})->embed(images.images).value();
  const auto got = loaded(GetParam())->embed(images.images).value();
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t row = 0; row < 5; ++row) {
    double cosine = 0;
    for (std::size_t i = row * 1280; i < (row + 1) * 1280; ++i)
      cosine += static_cast<double>(got[i]) * expected[i];
    EXPECT_GE(cosine, 0.999) << "image " << row;
  }
}

TEST_P(every_device, a_model_that_is_gone_leaves_nothing_behind) {
  device_memory memory(GetParam());
  ASSERT_TRUE(loaded(GetParam())->embed(batch_of(8).images)); // what the first use of a device costs stays
  ASSERT_TRUE(memory.collect());
  const auto before = memory.read().reserved_bytes;
  for (int life = 0; life < 3; ++life)
    ASSERT_TRUE(loaded(GetParam())->embed(batch_of(8).images));
  ASSERT_TRUE(memory.collect());
  EXPECT_LE(memory.read().reserved_bytes, before + 32 * mib);
}

TEST_P(every_device, knows_its_limit_and_what_is_in_use) {
  const auto model = loaded(GetParam());
  const auto now = device_memory(GetParam()).read();
  EXPECT_GT(now.limit_bytes, 256 * mib);
  EXPECT_GT(now.in_use_bytes, 10 * mib) << "the weights alone";
  EXPECT_GE(now.peak_bytes, now.in_use_bytes);
}

INSTANTIATE_TEST_SUITE_P(here, every_device, ::testing::ValuesIn(all_devices()), [](const auto& of) {
  auto name = of.param.id; // what ctest shows of the test
  std::ranges::replace(name, ':', '_');
  return name;
});

} // namespace
} // namespace trainyard
