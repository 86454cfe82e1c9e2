// A set of lanes is one model to its owner: same vectors, same refusals, whatever the threads do.
#include <gtest/gtest.h>

#include "actors/device/model/lane_set.hpp"
#include "tests/unit/model/photos.hpp"

namespace trainyard {
namespace {

using namespace trainyard::testing;

std::unique_ptr<embedding_model> lanes_of(int count, std::uint32_t micro_batch = 32) {
  return load_device_model(lite0_folder, {}, {.max_micro_batch = micro_batch, .cpu_threads = count}).value();
}

TEST(lane_set, gives_bit_by_bit_what_one_model_gives_for_every_size) {
  const auto images = painted_images(13);
  auto one = lanes_of(1);
  auto three = lanes_of(3);
  for (const std::size_t count : {1U, 3U, 4U, 5U, 8U, 11U, 13U}) {
    const auto part = std::span(images).first(count);
    EXPECT_EQ(three->embed(part).value(), one->embed(part).value()) << count;
  }
}

TEST(lane_set, works_with_more_lanes_than_passes_time_after_time) {
  const auto images = painted_images(5);
  auto set = lanes_of(8);
  const auto first = set->embed(images).value();
  for (int repeat = 0; repeat < 20; ++repeat)
    ASSERT_EQ(set->embed(images).value(), first);
}

TEST(lane_set, refuses_no_images_and_more_than_a_micro_batch) {
  auto set = lanes_of(2, 8);
  EXPECT_EQ(set->embed({}).error().kind, failure_kind::forward_failed);
  EXPECT_EQ(set->embed(painted_images(9)).error().kind, failure_kind::forward_failed);
  EXPECT_EQ(set->embed(painted_images(8)).value().size(), 8U * 1280U);
}

TEST(lane_set, names_the_first_bad_image_and_goes_on_with_the_next_micro_batch) {
  auto images = painted_images(16);
  images[6].pixels.pop_back();
  images[15].pixels.clear();
  auto set = lanes_of(2);
  const auto got = set->embed(images);
  ASSERT_FALSE(got);
  EXPECT_NE(got.error().cause.find(images[6].path), std::string::npos) << got.error().cause;
  EXPECT_TRUE(set->embed(painted_images(16)));
}

TEST(lane_set, can_be_destroyed_unused) {
  EXPECT_EQ(lanes_of(4)->identity().dim, 1280U);
}

} // namespace
} // namespace trainyard
