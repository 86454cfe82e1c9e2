// Pixels are normalised as the model's configuration says, in few fixed shapes.
#include "actors/device/model/pixel_batch.hpp"

#include <ATen/core/Tensor.h>
#include <gtest/gtest.h>

#include "tests/unit/model/photos.hpp"

namespace trainyard {
namespace {

using namespace trainyard::testing;

TEST(pixel_batch, every_pixel_is_scaled_shifted_and_framed_with_zeros) {
  const image_spec spec{
      .resize = 32, .crop = 32, .mean = {0.1F, 0.2F, 0.3F}, .deviation = {0.5F, 0.25F, 0.125F}};
  const pixel_batch batch(
      {.device = {}, .precision = "fp32", .image = spec, .pad_before = 1, .pad_after = 2});
  const auto image = painted(3, 32);
  const auto x = batch.upload({&image, 1}, 2);
  ASSERT_EQ(x.sizes(), (at::IntArrayRef{2, 3, 35, 35}));
  EXPECT_TRUE(x.is_contiguous(at::MemoryFormat::ChannelsLast));
  for (const auto& [row, column, channel] : {std::tuple{0, 0, 0}, {0, 31, 1}, {17, 5, 2}, {31, 31, 2}}) {
    const auto c = static_cast<std::size_t>(channel);
    const auto value = image.pixels[static_cast<std::size_t>((row * 32 + column) * 3 + channel)];
    const float expected = (static_cast<float>(value) / 255 - spec.mean[c]) / spec.deviation[c];
    EXPECT_NEAR(x[0][channel][row + 1][column + 1].item<float>(), expected, 1e-5F);
  }
  for (const auto& [row, column] : {std::pair{0, 0}, {0, 17}, {33, 4}, {34, 34}, {4, 33}})
    EXPECT_EQ(x[0][1][row][column].item<float>(), 0.0F) << row << "," << column;
}

} // namespace
} // namespace trainyard
