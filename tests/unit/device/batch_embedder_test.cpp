// A batch comes through whatever one image or one shortage of memory does, and collections follow the policy.
#include "actors/device/batch_embedder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/mock_model.hpp"

namespace trainyard {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct bench {
  std::shared_ptr<testing::mock_script> script = std::make_shared<testing::mock_script>();
  testing::mock_model model{script};
  std::vector<std::string> lines;
  embedder_settings settings;

  batch_embedder embedder(std::optional<std::size_t> learned = {}) {
    return {model,
            memory_upkeep(device_memory({}), settings.collection,
                          [this](const std::string& line) { lines.push_back(line); }),
            settings, learned};
  }
  result<batch_result> embed(std::size_t images, const std::string& dtype = "fp32") {
    return embedder().embed(batch(images, dtype));
  }

  prepared_batch batch(std::size_t images, const std::string& dtype = "fp32") const {
    work_batch work;
    work.dtype = dtype;
    prepared_batch prepared;
    const auto side = model.identity().image.crop;
    for (std::uint32_t i = 0; i < images; ++i) {
      work.assets.push_back({"p" + std::to_string(i), 1, 1});
      prepared_image image;
      image.path = work.assets.back().path;
      image.pixels.assign(std::size_t{side} * side * 3, static_cast<std::uint8_t>(i));
      prepared.images.push_back(std::move(image));
      prepared.positions.push_back(i);
    }
    prepared.work = std::make_shared<const work_batch>(std::move(work));
    return prepared;
  }
};

std::vector<std::uint32_t> failed_positions(const batch_result& done) {
  std::vector<std::uint32_t> positions;
  for (const auto& each : done.failed)
    positions.push_back(each.position);
  return positions;
}

TEST(batch_embedder, embeds_a_batch_in_micro_batches) {
  bench b;
  b.settings.gpu_batch_size = 4;
  const auto done = b.embed(10).value();
  EXPECT_EQ(done.embedded.size(), 10U);
  EXPECT_EQ(done.vectors.bytes.size(), 10 * b.model.identity().dim * sizeof(float));
  EXPECT_EQ(b.script->calls, 3U);
}

TEST(batch_embedder, leaves_a_batch_between_two_micro_batches_when_its_worker_stops) {
  bench b;
  b.settings.gpu_batch_size = 4;
  std::atomic<bool> stopping = false;
  b.script->before_embed = [&](auto) { stopping = true; };
  const auto left = b.embedder().embed(b.batch(10), &stopping);
  ASSERT_FALSE(left);
  EXPECT_EQ(left.error().kind, failure_kind::interrupted);
  EXPECT_EQ(b.script->calls, 1U);
}

TEST(batch_embedder, halves_take_half_the_bytes) {
  bench b;
  EXPECT_EQ(b.embed(3, "fp16").value().vectors.bytes.size(), 3 * b.model.identity().dim * 2);
}

TEST(batch_embedder, a_batch_of_failures_only_needs_no_forward_pass) {
  bench b;
  auto batch = b.batch(0);
  batch.failed = {{0, 2102, "cut"}};
  const auto done = b.embedder().embed(batch).value();
  EXPECT_EQ(done.failed.size(), 1U);
  EXPECT_EQ(b.script->calls, 0U);
}

TEST(batch_embedder, one_image_that_cannot_be_embedded_fails_alone) {
  bench b;
  b.script->failing_paths = {"p5"};
  const auto done = b.embed(16).value();
  EXPECT_THAT(failed_positions(done), ElementsAre(5));
  EXPECT_EQ(done.embedded.size(), 15U);
}

TEST(batch_embedder, rows_stay_with_their_images_when_a_neighbour_fails) {
  bench b;
  const auto alone = b.embed(16).value();
  b.script->failing_paths = {"p0", "p9"};
  const auto some = b.embed(16).value();
  const auto row = b.model.identity().dim * sizeof(float);
  for (std::size_t i = 0; i < some.embedded.size(); ++i) {
    const auto from = some.embedded[i].position;
    EXPECT_TRUE(std::equal(some.vectors.bytes.begin() + static_cast<std::ptrdiff_t>(i * row),
                           some.vectors.bytes.begin() + static_cast<std::ptrdiff_t>((i + 1) * row),
                           alone.vectors.bytes.begin() + static_cast<std::ptrdiff_t>(from * row)))
        << from;
  }
}

TEST(batch_embedder, a_passing_shortage_of_memory_costs_a_retry_only) {
  bench b;
  b.script->out_of_memory_calls = {1};
  const auto done = b.embed(16).value();
  EXPECT_EQ(done.embedded.size(), 16U);
  EXPECT_EQ(done.memory.oom_retries, 1U);
  EXPECT_EQ(done.memory.oom_splits, 0U);
}

TEST(batch_embedder, a_micro_batch_that_does_not_fit_is_halved_until_it_does) {
  bench b;
  b.script->fits_images = 3;
  const auto done = b.embed(16).value();
  EXPECT_EQ(done.embedded.size(), 16U);
  EXPECT_GE(done.memory.oom_splits, 3U);
}

TEST(batch_embedder, what_did_not_fit_is_not_tried_again_with_every_micro_batch) {
  bench b;
  b.script->fits_images = 4;
  auto embedder = b.embedder();
  EXPECT_EQ(embedder.embed(b.batch(64)).value().memory.oom_splits, 2U) << "16 -> 8 -> 4, once";
  const auto next = embedder.embed(b.batch(64)).value();
  EXPECT_EQ(next.memory.oom_retries, 0U);
  EXPECT_EQ(next.memory.micro_batch, 4U);
  EXPECT_EQ(embedder.learned_ceiling(), 4U);
}

TEST(batch_embedder, starts_with_what_an_earlier_life_learned) {
  bench b;
  b.script->fits_images = 4;
  const auto done = b.embedder(4).embed(b.batch(16)).value();
  EXPECT_EQ(done.memory.oom_retries, 0U);
  EXPECT_EQ(done.embedded.size(), 16U);
}

TEST(batch_embedder, finds_its_way_up_again_when_there_is_room) {
  bench b;
  auto embedder = b.embedder(4);
  (void)embedder.embed(b.batch(24)).value();
  EXPECT_EQ(embedder.learned_ceiling(), 8U) << "four full passes of what was inherited, then a probe";
  (void)embedder.embed(b.batch(64)).value();
  EXPECT_EQ(embedder.learned_ceiling(), std::nullopt);
}

TEST(batch_embedder, a_device_without_room_for_any_image_fails_and_no_image_does) {
  bench b;
  b.script->fits_images = 0;
  const auto done = b.embed(16);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, failure_kind::device_out_of_memory);
  EXPECT_THAT(done.error().cause, HasSubstr("no room for one image"));
}

TEST(batch_embedder, a_shortage_that_passes_while_one_image_is_tried_fails_no_image) {
  bench b;
  b.script->out_of_memory_calls = {1, 2}; // the image, the image after a collection; then the witness fits
  const auto done = b.embed(1).value();
  EXPECT_EQ(done.embedded.size(), 1U);
  EXPECT_TRUE(done.failed.empty());
}

TEST(batch_embedder, a_failed_pass_does_not_count_towards_the_interval) {
  bench b;
  b.settings.collection.interval_images = 20;
  b.script->fits_images = 8;
  const auto done = b.embed(16).value();
  EXPECT_EQ(done.memory.collections.interval, 0U)
      << "16 images are fewer than 20, however often they were tried";
}

TEST(batch_embedder, a_device_that_dies_in_the_second_half_of_a_halved_micro_batch_fails_no_image) {
  bench b;
  b.script->failing_paths = {"p1", "p8", "p9", "p10", "p11", "p12", "p13", "p14", "p15"};
  b.script->before_embed = [&, calls = 0](auto) mutable {
    if (++calls == 8) // after the first half, its bad image and a healthy witness
      b.script->failing_paths.insert("");
  };
  EXPECT_EQ(b.embed(16).error().kind, failure_kind::device_lost);
}

TEST(batch_embedder, without_recovery_the_first_shortage_ends_the_device) {
  bench b;
  b.settings.recovers = false;
  b.script->out_of_memory_calls = {2};
  const auto done = b.embed(64);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, failure_kind::device_out_of_memory);
  EXPECT_EQ(b.script->calls, 2U) << "no second try";
}

TEST(batch_embedder, past_the_hard_mark_passes_get_smaller_and_the_batch_goes_through) {
  bench b;
  b.settings.collection = {.interval_images = 0, .soft_mark = 0, .hard_mark = 0.0001};
  auto embedder = b.embedder();
  const auto done = embedder.embed(b.batch(16)).value();
  EXPECT_EQ(done.embedded.size(), 16U);
  EXPECT_EQ(done.memory.collections.hard_mark, 1U);
  EXPECT_EQ(done.memory.micro_batch, 1U);
  EXPECT_EQ(embedder.learned_ceiling(), std::nullopt);
}

TEST(batch_embedder, an_image_that_never_fits_fails_alone_and_says_so) {
  bench b;
  b.script->out_of_memory_paths = {"p7"};
  const auto done = b.embed(16).value();
  ASSERT_THAT(failed_positions(done), ElementsAre(7));
  EXPECT_EQ(done.failed[0].kind, static_cast<std::uint32_t>(failure_kind::image_out_of_memory));
}

TEST(batch_embedder, a_micro_batch_that_fails_as_a_whole_fails_alone_while_the_device_is_healthy) {
  bench b;
  b.settings.gpu_batch_size = 4;
  for (int i = 4; i < 8; ++i)
    b.script->failing_paths.insert("p" + std::to_string(i));
  const auto done = b.embed(12).value();
  EXPECT_THAT(failed_positions(done), ElementsAre(4, 5, 6, 7));
  EXPECT_EQ(done.embedded.size(), 8U);
}

TEST(batch_embedder, a_device_that_dies_in_mid_batch_fails_no_image) {
  bench b;
  b.settings.gpu_batch_size = 4;
  b.script->failing_paths = {"", "p4", "p5", "p6", "p7", "p8"}; // the witness has no path
  const auto done = b.embed(12);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, failure_kind::device_lost);
}

TEST(batch_embedder, a_single_image_that_fails_is_told_from_a_device_that_fails) {
  bench b;
  b.script->failing_paths = {"p0"};
  EXPECT_THAT(failed_positions(b.embed(1).value()), ElementsAre(0));
  b.script->failing_paths.insert("");
  EXPECT_FALSE(b.embed(1));
}

TEST(batch_embedder, collects_every_so_many_images_and_logs_the_line_operators_look_for) {
  bench b;
  b.settings.gpu_batch_size = 5;
  b.settings.collection.interval_images = 10;
  const auto done = b.embed(30).value();
  EXPECT_EQ(done.memory.collections, (collection_counts{.interval = 3}));
  ASSERT_EQ(b.lines.size(), 3U);
  EXPECT_THAT(b.lines[0], HasSubstr("Periodic garbage collection after 10 images processed"));
}

TEST(batch_embedder, never_collects_when_told_not_to) {
  bench b;
  b.settings.collection.enabled = false;
  b.settings.collection.interval_images = 1;
  EXPECT_EQ(b.embed(30).value().memory.collections.total(), 0U);
}

TEST(batch_embedder, reports_memory_around_the_batch) {
  bench b;
  const auto done = b.embed(4).value();
  EXPECT_GT(done.memory.limit_bytes, done.memory.after_bytes);
  EXPECT_GT(done.memory.after_bytes, 0U);
  EXPECT_GE(done.memory.peak_bytes, done.memory.after_bytes);
}

} // namespace
} // namespace trainyard
