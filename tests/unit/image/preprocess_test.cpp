// The square that reaches the network, against PIL's resize and crop.
#include "actors/device/image/preprocess.hpp"

#include <gtest/gtest.h>

#include "actors/device/image/image_decode.hpp"
#include "actors/device/image/resample_passes.hpp"
#include "tests/unit/image/corpus.hpp"

namespace trainyard {
namespace {

rgb_image grey_ramp(std::uint32_t width, std::uint32_t height) {
  rgb_image image = make_rgb_image(width, height);
  for (std::size_t i = 0; i < image.row_bytes() * height; ++i)
    image.pixels[i] = static_cast<std::uint8_t>(i / 3 * 7);
  return image;
}

TEST(preprocess, is_bit_for_bit_what_pillow_gives) {
  int compared = 0;
  for (const auto& one : testing::corpus_cases()) {
    const auto reference = testing::corpus_bytes(one.name + ".square");
    if (one.expected != "same" || reference.empty())
      continue;
    SCOPED_TRACE(one.name);
    const auto decoded = decode_image(testing::corpus_bytes(one.name));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(preprocess(decoded->image, {}), reference);
    ++compared;
  }
  EXPECT_GT(compared, 60);
}

TEST(preprocess, stays_within_the_cosine_that_a_codec_of_another_version_allows) {
  for (const auto& one : testing::corpus_cases()) {
    if (one.expected != "near")
      continue;
    const auto decoded = decode_image(testing::corpus_bytes(one.name));
    ASSERT_TRUE(decoded);
    const auto square = preprocess(decoded->image, {});
    EXPECT_GE(testing::compare(square.data(), testing::corpus_bytes(one.name + ".square")).cosine, 0.9999);
  }
}

TEST(preprocess, keeps_memory_flat_at_any_aspect) {
  for (const auto& [width, height] :
       {std::pair{65'535U, 1U}, std::pair{1U, 65'535U}, std::pair{40'000U, 3U}}) {
    const auto square = preprocess(grey_ramp(width, height), {});
    EXPECT_EQ(square.size(), 224U * 224 * 3);
  }
}

TEST(preprocess, shows_the_middle_of_a_very_wide_image) {
  rgb_image image = make_rgb_image(65'001, 1);
  std::fill_n(image.pixels.get(), image.row_bytes(), std::uint8_t{0});
  std::fill_n(image.pixels.get() + std::size_t{32'500} * 3, 3, std::uint8_t{200});
  const auto square = preprocess(image, {}); // one source pixel is 224 wide: the middle one fills the crop
  EXPECT_GE(square[(112 * 224 + 112) * 3], 200);
  EXPECT_GT(square[0], 80);
}

TEST(preprocess, gives_one_pixel_its_colour_everywhere) {
  rgb_image image = make_rgb_image(1, 1);
  image.pixels[0] = 10;
  image.pixels[1] = 200;
  image.pixels[2] = 255;
  const auto square = preprocess(image, {});
  for (std::size_t i = 0; i < square.size(); ++i)
    ASSERT_EQ(square[i], image.pixels[i % 3]);
}

TEST(preprocess, pads_with_black_when_the_crop_is_larger_than_the_resized_image) {
  image_spec spec;
  spec.resize = 3;
  spec.crop = 6;
  rgb_image image = make_rgb_image(3, 3);
  std::fill_n(image.pixels.get(), 27, std::uint8_t{9});
  const auto square = preprocess(image, spec);
  for (std::size_t y = 0; y < 6; ++y)
    for (std::size_t x = 0; x < 6; ++x)
      EXPECT_EQ(square[(y * 6 + x) * 3], y >= 2 && y < 5 && x >= 2 && x < 5 ? 9 : 0) << x << "," << y;
}

TEST(preprocess, sums_to_the_same_integers_whatever_instructions_the_processor_has) {
  const rgb_image image = grey_ramp(311, 40);
  const resample_filter filter = make_filter({311, 97, 11, 63}, interpolation::bicubic);
  std::vector<std::uint8_t> scratch(311 * 4 + 8);
  std::vector<std::uint8_t> chosen(63 * 3);
  for (std::uint32_t y = 0; y < 40; ++y) {
    const std::uint8_t* row = image.pixels.get() + y * image.row_bytes();
    resample_row(row, filter, scratch.data(), chosen.data());
    for (std::uint32_t output = 0; output < 63; ++output) {
      std::int32_t sum = 0;
      for (std::uint32_t tap = 0; tap < filter.used[output]; ++tap)
        sum += row[(filter.first[output] + tap) * 3] * filter.weights_of(output)[tap];
      ASSERT_EQ(chosen[output * 3], to_pixel(sum));
    }
  }
}

} // namespace
} // namespace trainyard
