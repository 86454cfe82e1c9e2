// The real model is admitted where it is right and refused where it is not; the verdict names what was wrong.
#include "actors/device/admission.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <gmock/gmock.h>

#include "actors/device/model/golden_images.hpp"
#include "actors/device/model/golden_reference.hpp"
#include "actors/device/model/lane_set.hpp"
#include "tests/support/mock_model.hpp"
#include "tests/unit/model/photos.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace trainyard::testing;

std::unique_ptr<embedding_model> lite0(const std::string& precision, int lanes = 1) {
  return load_device_model(lite0_folder, {}, {.precision = precision, .cpu_threads = lanes}).value();
}

const golden_set& lite0_golden() {
  static const auto set = golden_set_of(lite0_folder).value();
  return set;
}

/// Eight small images and what the mock makes of them.
struct mock_bench {
  std::shared_ptr<mock_script> script = std::make_shared<mock_script>();
  mock_model model{script};
  golden_set golden;

  mock_bench() {
    golden.dim = model.identity().dim;
    golden.images = golden_images(32);
    golden.vectors = model.embed(golden.images).value();
    script->calls = 0;
  }
};

/// A device whose rows come out wrong.
class broken_model final : public embedding_model {
public:
  using damage = std::function<void(std::vector<float>& rows)>;
  broken_model(embedding_model& sound, damage inflict) : sound_(sound), damage_(std::move(inflict)) {}

  [[nodiscard]] const model_identity& identity() const noexcept override { return sound_.identity(); }
  [[nodiscard]] result<std::vector<float>> embed(std::span<const prepared_image> images) override {
    auto rows = sound_.embed(images);
    if (rows)
      damage_(*rows);
    return rows;
  }

private:
  embedding_model& sound_;
  damage damage_;
};

TEST(admission, the_real_model_in_fp32_is_admitted_whatever_the_micro_batch) {
  const auto model = lite0("fp32");
  for (const std::size_t most : {1U, 3U, 8U, 16U}) {
    const auto outcome = admit(*model, lite0_golden(), most);
    ASSERT_TRUE(outcome.has_value()) << outcome.error().cause;
    EXPECT_GE(outcome->least_cosine, 0.99999) << most;
    EXPECT_LT(outcome->worst, 8U);
  }
  EXPECT_GE(admit(*lite0("fp32", 2), lite0_golden(), 16).value().least_cosine, 0.99999) << "on two lanes";
}

TEST(admission, the_real_model_in_fp16_is_admitted_and_in_bf16_refused) {
  const auto half = admit(*lite0("fp16"), lite0_golden(), 16);
  ASSERT_TRUE(half.has_value()) << half.error().cause;
  EXPECT_GE(half->least_cosine, 0.9995);
  const auto brain = admit(*lite0("bf16"), lite0_golden(), 16);
  ASSERT_FALSE(brain.has_value()) << brain->least_cosine;
  EXPECT_EQ(brain.error().kind, failure_kind::device_not_admitted);
  EXPECT_THAT(brain.error().cause, HasSubstr("in bf16"));
  EXPECT_THAT(brain.error().remedy, HasSubstr("--precision fp32"));
}

TEST(admission, swapped_channels_are_seen_in_every_image) {
  const auto model = lite0("fp32");
  for (std::size_t i = 0; i < lite0_golden().images.size(); ++i) {
    golden_set one{{lite0_golden().images[i]},
                   {lite0_golden().vectors.begin() + static_cast<std::ptrdiff_t>(i * 1280),
                    lite0_golden().vectors.begin() + static_cast<std::ptrdiff_t>((i + 1) * 1280)},
                   1280};
    ASSERT_TRUE(admit(*model, one, 1).has_value()) << i;
    auto& pixels = one.images[0].pixels;
    for (std::size_t at = 0; at < pixels.size(); at += 3)
      std::swap(pixels[at], pixels[at + 2]);
    const auto swapped = admit(*model, one, 1);
    ASSERT_FALSE(swapped.has_value()) << i << ": " << swapped->least_cosine;
    EXPECT_EQ(swapped.error().kind, failure_kind::device_not_admitted);
    EXPECT_THAT(swapped.error().remedy, Not(HasSubstr("fp32"))) << "which it was already";
  }
}

TEST(admission, images_shifted_by_one_place_and_by_one_pixel_are_refused) {
  const auto model = lite0("fp32");
  auto places = lite0_golden();
  std::ranges::rotate(places.images, places.images.begin() + 1);
  EXPECT_EQ(admit(*model, places, 16).error().kind, failure_kind::device_not_admitted);
  auto pixels = lite0_golden();
  for (auto& image : pixels.images)
    std::ranges::rotate(image.pixels, image.pixels.begin() + 3);
  EXPECT_EQ(admit(*model, pixels, 16).error().kind, failure_kind::device_not_admitted);
}

TEST(admission, one_wrong_row_among_right_ones_is_named_with_its_cosine) {
  mock_bench bench;
  const auto dim = bench.golden.dim;
  broken_model device(bench.model, [dim](std::vector<float>& rows) {
    if (rows.size() == 3 * dim) // images 4 to 6
      std::ranges::reverse(rows.begin() + dim, rows.begin() + 2 * dim);
  });
  ASSERT_TRUE(admit(device, bench.golden, 8).has_value());
  const auto refused =
      admit(device,
            {std::vector(bench.golden.images.begin(), bench.golden.images.begin() + 7),
             std::vector(bench.golden.vectors.begin(), bench.golden.vectors.begin() + 7 * dim), dim},
            4);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, failure_kind::device_not_admitted);
  EXPECT_THAT(refused.error().cause, HasSubstr("golden image 5 of 7"));
  EXPECT_THAT(refused.error().cause, HasSubstr("needs 0.9990000"));
}

TEST(admission, the_worst_of_several_wrong_rows_is_the_one_that_is_named) {
  mock_bench bench;
  const auto dim = bench.golden.dim;
  broken_model device(bench.model, [dim](std::vector<float>& rows) {
    rows[2 * dim] += 0.5F;
    for (std::uint32_t i = 6 * dim; i < 7 * dim; ++i)
      rows[i] = -rows[i];
  });
  const auto refused = admit(device, bench.golden, 8);
  EXPECT_THAT(refused.error().cause, HasSubstr("golden image 6 of 8 has cosine -1.0000000"));
}

TEST(admission, a_row_just_above_the_threshold_passes_and_one_just_below_does_not) {
  const auto turned = [](double cosine) {
    mock_bench bench;
    broken_model device(bench.model, [&](std::vector<float>& rows) {
      std::ranges::fill(rows, 0.0F);
      for (std::size_t i = 0; i < rows.size(); i += bench.golden.dim) {
        rows[i] = static_cast<float>(cosine);
        rows[i + 1] = static_cast<float>(std::sqrt(1 - cosine * cosine));
      }
    });
    std::ranges::fill(bench.golden.vectors, 0.0F);
    for (std::size_t i = 0; i < bench.golden.vectors.size(); i += bench.golden.dim)
      bench.golden.vectors[i] = 1;
    return admit(device, bench.golden, 8).has_value();
  };
  EXPECT_TRUE(turned(0.99901));
  EXPECT_FALSE(turned(0.99899));
}

TEST(admission, rows_that_are_not_finite_or_zero_are_invalid_even_if_the_model_lets_them_through) {
  for (const float value : {std::nanf(""), HUGE_VALF, 0.0F}) {
    mock_bench bench;
    broken_model device(bench.model, [&](std::vector<float>& rows) {
      std::fill(rows.end() - bench.golden.dim, rows.end(), value);
    });
    const auto refused = admit(device, bench.golden, 5);
    EXPECT_EQ(refused.error().kind, failure_kind::vector_invalid);
    EXPECT_THAT(refused.error().cause, HasSubstr("golden/4"));
  }
}

TEST(admission, failures_of_the_forward_pass_keep_their_kind) {
  mock_bench bench;
  bench.script->fits_images = 3;
  EXPECT_EQ(admit(bench.model, bench.golden, 4).error().kind, failure_kind::device_out_of_memory);
  EXPECT_TRUE(admit(bench.model, bench.golden, 3).has_value());
  bench.script->failing_paths = {"golden/7"};
  EXPECT_EQ(admit(bench.model, bench.golden, 3).error().kind, failure_kind::forward_failed);
}

TEST(admission, the_images_go_through_in_calls_of_the_size_asked_for) {
  mock_bench bench;
  std::vector<std::size_t> sizes;
  bench.script->before_embed = [&](std::span<const prepared_image> images) {
    sizes.push_back(images.size());
  };
  ASSERT_TRUE(admit(bench.model, bench.golden, 3).has_value());
  EXPECT_THAT(sizes, ::testing::ElementsAre(3, 3, 2));
}

TEST(admission, a_golden_set_of_another_model_or_of_no_images_admits_nothing) {
  mock_bench bench;
  EXPECT_EQ(admit(bench.model, {}, 8).error().kind, failure_kind::model_invalid);
  EXPECT_EQ(admit(bench.model, {{}, {}, bench.golden.dim}, 8).error().kind, failure_kind::model_invalid);
  EXPECT_EQ(admit(bench.model, lite0_golden(), 8).error().kind, failure_kind::model_invalid);
  bench.golden.vectors.pop_back();
  EXPECT_EQ(admit(bench.model, bench.golden, 8).error().kind, failure_kind::model_invalid);
}

TEST(admission, rows_too_many_or_too_few_are_a_failed_forward_pass) {
  mock_bench bench;
  broken_model device(bench.model, [](std::vector<float>& rows) { rows.pop_back(); });
  EXPECT_EQ(admit(device, bench.golden, 8).error().kind, failure_kind::forward_failed);
}

} // namespace
} // namespace trainyard
