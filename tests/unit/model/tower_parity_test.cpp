// Every vision tower against transformers and open_clip, on real photos: pixels, then vectors.
#include <algorithm>
#include <charconv>
#include <cstdio>

#include <gtest/gtest.h>

#include "actors/device/image/preprocess.hpp"
#include "actors/device/model/load_model.hpp"
#include "tests/unit/model/photos.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using namespace trainyard::testing;

/// What towers.py wrote: made at build time, or named by the environment (ops/model_parity).
fs::path towers() {
  const auto* const other = std::getenv("TRAINYARD_TOWERS");
  return other == nullptr ? fs::path(TRAINYARD_TEST_TOWERS) : fs::path(other);
}

std::vector<std::string> tower_names() {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator item(towers(), error), end; !error && item != end; item.increment(error))
    if (fs::exists(item->path() / "reference"))
      names.push_back(item->path().filename().string());
  std::ranges::sort(names);
  return names;
}

struct photo {
  std::string name;
  rgb_image image;
};

std::vector<photo> photos() {
  std::vector<photo> all;
  for (const auto& item : fs::directory_iterator(towers() / "photos")) {
    const auto stem = item.path().stem().string(); // NAME.WIDTHxHEIGHT
    const auto dot = stem.find('.');
    const auto cross = stem.find('x', dot);
    const auto number = [&](std::size_t from, std::size_t to) {
      std::uint32_t value = 0;
      std::from_chars(stem.data() + from, stem.data() + to, value);
      return value;
    };
    auto image = make_rgb_image(number(dot + 1, cross), number(cross + 1, stem.size()));
    const auto bytes = values_in<std::uint8_t>(item.path());
    EXPECT_EQ(bytes.size(), image.row_bytes() * image.height);
    std::ranges::copy(bytes, image.pixels.get());
    all.push_back({stem.substr(0, dot), std::move(image)});
  }
  return all;
}

/// The reference's own pixels, so that preprocessing is judged by its own test alone.
std::vector<prepared_image> prepared(const std::string& tower) {
  std::vector<prepared_image> images;
  for (const auto& each : photos()) {
    images.emplace_back().path = each.name;
    const auto bytes = values_in<std::uint8_t>(towers() / tower / "reference" / (each.name + ".rgb"));
    images.back().pixels.assign(bytes.begin(), bytes.end());
  }
  return images;
}

double least_cosine(const std::string& tower, const load_options& options) {
  const auto images = prepared(tower);
  auto model = load_model(towers() / tower, {}, options);
  EXPECT_TRUE(model.has_value()) << model.error().cause;
  if (!model || images.empty())
    return 0;
  const auto vectors = (*model)->embed(images);
  EXPECT_TRUE(vectors.has_value()) << vectors.error().cause;
  if (!vectors)
    return 0;
  const std::size_t dim = (*model)->identity().dim;
  double least = 1;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const auto expected = values_in<float>(towers() / tower / "reference" / (images[i].path + ".vector"));
    EXPECT_EQ(expected.size(), dim);
    if (expected.size() == dim)
      least = std::min(least, cosine(std::span(*vectors).subspan(i * dim, dim), expected));
  }
  std::printf("%-22s %s%s  least cosine %.7f\n", tower.c_str(), options.precision.c_str(),
              options.fused ? "" : " plain", least);
  return least;
}

class tower_parity_test : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(towers, tower_parity_test, ::testing::ValuesIn(tower_names()),
                         [](const auto& instance) {
                           auto name = instance.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_P(tower_parity_test, PreparedPixelsAreThoseOfTheModelsOwnProcessor) {
  const auto spec = describe_model(towers() / GetParam()).value().image;
  for (const auto& [name, image] : photos())
    EXPECT_TRUE(
        std::ranges::equal(preprocess(image, spec),
                           values_in<std::uint8_t>(towers() / GetParam() / "reference" / (name + ".rgb"))))
        << name;
}

TEST_P(tower_parity_test, VectorsEqualTheReferenceInFp32WithAndWithoutFusedKernels) {
  for (const bool fused : {true, false})
    EXPECT_GE(least_cosine(GetParam(), {.precision = "fp32", .fused = fused}), 0.99999) << "fused " << fused;
}

TEST_P(tower_parity_test, VectorsInBf16StayWithinTheSpace) {
  EXPECT_GE(least_cosine(GetParam(), {.precision = "bf16"}), 0.999);
}

TEST_P(tower_parity_test, AVectorDoesNotDependOnTheRestOfItsMicroBatch) {
  const auto images = prepared(GetParam());
  auto model = load_model(towers() / GetParam(), {}).value();
  const auto together = model->embed(images).value();
  const std::size_t dim = model->identity().dim;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const auto alone = model->embed(std::span(images).subspan(i, 1)).value();
    EXPECT_GE(cosine(alone, std::span(together).subspan(i * dim, dim)), 0.999999) << i;
  }
}

TEST(towers, every_family_is_there) {
  EXPECT_GE(tower_names().size(), std::getenv("TRAINYARD_TOWERS") == nullptr ? 13U : 1U)
      << "run ops/setup, which installs ops/requirements-models.txt";
  EXPECT_GE(photos().size(), 4U);
}

} // namespace
} // namespace trainyard
