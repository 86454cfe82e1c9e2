// The failure that the project exists for, and each of the things that prevent it, one at a time.
#include <gmock/gmock.h>

#include "tests/unit/simulated/simulated_bench.hpp"

namespace trainyard {
namespace {

using testing::configure_simulated_device;
using testing::counts_of_simulated_device;
using testing::simulated_bench;
using testing::simulated_settings;

constexpr std::uint64_t mib = 1U << 20;

class memory_contract : public simulated_bench {
protected:
  static constexpr std::uint32_t images = 2;

  /// Weights and six batches' worth of what a batch leaves pinned: the seventh has no room.
  void room_for_six_batches() {
    simulated_settings settings;
    settings.retains = true;
    configure_simulated_device(0, settings);
    const auto probe = model(device(0), images);
    ASSERT_TRUE(device_memory(device(0)).collect());
    const auto weights = counts_of_simulated_device(0).reserved_bytes;
    ASSERT_TRUE(probe->embed(batch(images).images));
    const auto left_by_one = counts_of_simulated_device(0).reserved_bytes - weights;
    ASSERT_GT(left_by_one, 10 * mib);
    settings.cap_bytes = weights + 6 * left_by_one;
    configure_simulated_device(0, settings);
    ASSERT_TRUE(device_memory(device(0)).collect());
  }
  static embedder_settings settings_of(bool cleanup, bool recovery) {
    embedder_settings settings;
    settings.gpu_batch_size = images;
    settings.collection.enabled = cleanup;
    settings.collection.interval_images = 5;
    settings.collection.soft_mark = settings.collection.hard_mark = 0; // the interval alone
    settings.recovers = recovery;
    return settings;
  }
  /// How many batches go through, of at most `most`.
  int batches_until_the_end(batch_embedder& running, int most) {
    const auto one = batch(images);
    for (int done = 0; done < most; ++done)
      if (const auto embedded = running.embed(one); !embedded) {
        EXPECT_EQ(embedded.error().kind, failure_kind::device_out_of_memory);
        return done;
      } else {
        after_.push_back(embedded->memory.after_bytes);
        EXPECT_EQ(embedded->embedded.size(), images);
      }
    return most;
  }
  std::vector<std::uint64_t> after_;
};

TEST_F(memory_contract, without_cleanup_and_recovery_the_device_dies_within_seven_batches) {
  room_for_six_batches();
  const auto loaded = model(device(0), images);
  auto running = embedder(*loaded, settings_of(false, false));
  const auto survived = batches_until_the_end(running, 100);
  EXPECT_GE(survived, 4);
  EXPECT_LE(survived, 6) << "it dies in batch 5, 6 or 7";
}

TEST_F(memory_contract, with_cleanup_the_same_device_works_on_and_its_memory_is_flat) {
  room_for_six_batches();
  const auto loaded = model(device(0), images);
  auto running = embedder(*loaded, settings_of(true, false));
  EXPECT_EQ(batches_until_the_end(running, 100), 100);
  EXPECT_LE(*std::ranges::max_element(after_.begin() + 50, after_.end()),
            *std::ranges::max_element(after_.begin(), after_.begin() + 50));
  EXPECT_EQ(counts_of_simulated_device(0).refusals, 0U);
}

TEST_F(memory_contract, recovery_alone_keeps_the_device_alive_too) {
  room_for_six_batches();
  const auto loaded = model(device(0), images);
  auto running = embedder(*loaded, settings_of(false, true));
  EXPECT_EQ(batches_until_the_end(running, 40), 40);
  EXPECT_GT(counts_of_simulated_device(0).refusals, 3U);
  EXPECT_EQ(running.learned_ceiling(), std::nullopt) << "passes need not be smaller when cleaning helps";
}

TEST_F(memory_contract, the_soft_mark_alone_prevents_the_shortage) {
  room_for_six_batches();
  const auto loaded = model(device(0), images);
  auto settings = settings_of(true, false);
  settings.collection.interval_images = 0;
  settings.collection.soft_mark = 0.6;
  auto running = embedder(*loaded, settings);
  EXPECT_EQ(batches_until_the_end(running, 40), 40);
  EXPECT_EQ(counts_of_simulated_device(0).refusals, 0U);
}

TEST_F(memory_contract, a_device_too_small_for_the_batch_size_finds_its_own) {
  simulated_settings small;
  small.cap_bytes = 70 * mib;
  configure_simulated_device(0, small);
  const auto loaded = model(device(0), 16);
  embedder_settings settings;
  auto running = embedder(*loaded, settings);
  const auto done = running.embed(batch(16)).value();
  EXPECT_EQ(done.embedded.size(), 16U);
  ASSERT_TRUE(running.learned_ceiling());
  EXPECT_LT(*running.learned_ceiling(), 16U);
  EXPECT_EQ(running.embed(batch(16)).value().memory.oom_retries, 0U) << "learned once";
}

TEST_F(memory_contract, the_vectors_do_not_depend_on_the_way_that_memory_made_them_take) {
  const auto many = batch(16);
  const auto whole = model(device(1), 16);
  embedder_settings settings;
  auto roomy = embedder(*whole, settings, 1);
  const auto expected = vectors_of(roomy.embed(many).value());
  const auto squeezed = model(device(0), 16);
  simulated_settings small;
  small.cap_bytes = 70 * mib;
  small.fail_every = 151;
  configure_simulated_device(0, small);
  auto narrow = embedder(*squeezed, settings);
  const auto got = vectors_of(narrow.embed(many).value());
  EXPECT_GE(least_cosine(got, expected, got.size() / 16), 0.999999);
}

TEST_F(memory_contract, a_failure_of_any_single_allocation_of_a_pass_costs_no_image) {
  const auto loaded = model(device(0), 4);
  const auto images_of_four = batch(4);
  embedder_settings settings;
  settings.gpu_batch_size = 4;
  auto running = embedder(*loaded, settings);
  ASSERT_TRUE(running.embed(images_of_four));
  testing::reset_simulated_counts(0);
  ASSERT_TRUE(running.embed(images_of_four));
  const auto allocations = counts_of_simulated_device(0).allocations;
  ASSERT_GT(allocations, 20U);
  for (std::uint64_t nth = 1; nth <= allocations; ++nth) {
    testing::fail_one_allocation(0, nth);
    const auto done = running.embed(images_of_four).value();
    EXPECT_EQ(done.embedded.size(), 4U) << "allocation " << nth;
    EXPECT_EQ(done.memory.oom_retries, 1U) << "allocation " << nth;
  }
  EXPECT_EQ(running.learned_ceiling(), std::nullopt);
}

} // namespace
} // namespace trainyard
