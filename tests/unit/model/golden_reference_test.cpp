// The reference that is computed here and the one that the original network in Python wrote are the same.
#include "actors/device/model/golden_reference.hpp"

#include <gtest/gtest.h>

#include "actors/device/model/golden_images.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/model/photos.hpp"

namespace trainyard {
namespace {

using namespace trainyard::testing;

/// The default model as a user's own folder may be: no golden file, and another image size.
void make_folder(const temp_dir& dir, const std::string& side) {
  std::filesystem::create_symlink(lite0_folder / "model.safetensors", dir.path() / "model.safetensors");
  dir.write("config.json", R"({"architecture":"efficientnet-lite0","dim":1280,"image":{"resize":)" + side +
                               R"(,"crop":)" + side +
                               R"(,"mean":[0.485,0.456,0.406],"deviation":[0.229,0.224,0.225]}})");
}

TEST(golden_reference, our_images_are_those_of_the_script_byte_by_byte) {
  const auto ours = golden_images(224);
  const auto stored = golden_set_of(lite0_folder).value();
  ASSERT_EQ(ours.size(), stored.images.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    EXPECT_EQ(ours[i].path, stored.images[i].path);
    EXPECT_TRUE(ours[i].pixels == stored.images[i].pixels) << i;
  }
}

TEST(golden_reference, vectors_computed_here_are_those_of_the_original_network) {
  const auto stored = golden_set_of(lite0_folder).value();
  const auto ours = make_golden_set(lite0_folder).value();
  ASSERT_EQ(ours.vectors.size(), stored.vectors.size());
  for (std::size_t i = 0; i < stored.images.size(); ++i)
    EXPECT_GE(cosine(std::span(ours.vectors).subspan(i * 1280, 1280),
                     std::span(stored.vectors).subspan(i * 1280, 1280)),
              0.99999)
        << i;
}

TEST(golden_reference, a_folder_without_a_golden_file_gets_one_computed_in_its_own_size) {
  const temp_dir dir;
  make_folder(dir, "96");
  const auto set = golden_set_of(dir.path()).value();
  EXPECT_EQ(set.dim, 1280U);
  ASSERT_EQ(set.images.size(), 8U);
  EXPECT_EQ(set.images[0].pixels.size(), std::size_t{96} * 96 * 3);
  EXPECT_EQ(set.vectors.size(), 8U * 1280);
  EXPECT_EQ(set.vectors, make_golden_set(dir.path()).value().vectors);
  EXPECT_FALSE(std::filesystem::exists(dir.path() / "golden.safetensors"));
}

TEST(golden_reference, a_wrong_golden_file_is_refused_and_not_replaced_by_a_computed_one) {
  const temp_dir dir;
  make_folder(dir, "96");
  dir.write("golden.safetensors", "cut off");
  EXPECT_EQ(golden_set_of(dir.path()).error().kind, failure_kind::model_invalid);
  std::filesystem::remove(dir.path() / "golden.safetensors");
  std::filesystem::copy_file(lite0_folder / "golden.safetensors", dir.path() / "golden.safetensors");
  EXPECT_EQ(golden_set_of(dir.path()).error().kind, failure_kind::model_invalid); // 224 pixels, not 96
  EXPECT_EQ(golden_set_of(dir.path() / "none").error().kind, failure_kind::model_missing);
}

TEST(golden_reference, images_of_the_smallest_and_largest_size_can_be_made) {
  for (const std::uint32_t side : {32U, 33U, 1024U})
    for (const auto& image : golden_images(side)) {
      EXPECT_EQ(image.pixels.size(), std::size_t{3} * side * side);
      EXPECT_LT(*std::ranges::min_element(image.pixels) + 32, *std::ranges::max_element(image.pixels))
          << image.path << " at " << side;
    }
}

} // namespace
} // namespace trainyard
