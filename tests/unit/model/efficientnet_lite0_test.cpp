// Our network against the original in Python, on real photos.
#include "actors/device/model/efficientnet_lite0.hpp"

#include <ATen/core/Tensor.h>
#include <ATen/ops/cosine_similarity.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include "actors/device/model/load_model.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/model/photos.hpp"

namespace trainyard {
namespace {

using namespace trainyard::testing;

efficientnet_lite0 network_of(const network_placement& placement) {
  const auto file = safetensors_file::open(lite0_folder / "model.safetensors").value();
  return {weight_map::load(file, efficientnet_lite0::tensors()).value(), placement};
}

struct reference {
  temp_dir dir;
  std::vector<prepared_image> photos;

  reference() {
    const auto command = std::string(TRAINYARD_PYTHON) + " " + TRAINYARD_MODEL_SCRIPTS + "/reference.py " +
                         dir.path().string();
    if (std::system(command.c_str()) != 0)
      return;
    for (const auto& item : std::filesystem::directory_iterator(dir.path()))
      if (item.path().extension() == ".rgb") {
        photos.emplace_back().path = item.path().stem().string();
        const auto bytes = values_in<std::uint8_t>(item.path());
        photos.back().pixels.assign(bytes.begin(), bytes.end());
      }
  }
  [[nodiscard]] std::vector<float> numbers(const prepared_image& photo, const char* kind) const {
    return values_in<float>(dir.path() / (photo.path + kind));
  }
};

TEST(efficientnet_lite0, vectors_and_classes_equal_the_python_reference_on_real_photos) {
  const reference python;
  ASSERT_GE(python.photos.size(), 4U);
  const c10::InferenceMode inference;
  for (const bool fused : {true, false}) {
    const auto network = network_of({.fused = fused});
    for (const auto& photo : python.photos) {
      const auto features = network.features(network.input().upload({&photo, 1}, 1));
      const auto logits = network.classify(features);
      const std::span ours(features.const_data_ptr<float>(), efficientnet_lite0::dim);
      EXPECT_GE(cosine(ours, python.numbers(photo, ".vector")), 0.99999) << photo.path << " fused " << fused;
      const auto top = logits.argmax().item<std::int64_t>();
      const auto expected = python.numbers(photo, ".logits");
      EXPECT_EQ(top, std::ranges::max_element(expected) - expected.begin()) << photo.path;
      EXPECT_TRUE(photo.path != "chelsea" || top == 285) << "the cat is class " << top;
      EXPECT_TRUE(photo.path != "coffee" || top == 967) << "the espresso is class " << top;
    }
  }
}

TEST(efficientnet_lite0, the_loaded_model_gives_the_references_unit_vectors_in_one_micro_batch) {
  const reference python;
  ASSERT_GE(python.photos.size(), 4U);
  auto model = load_model(lite0_folder, {}, {.max_micro_batch = 8}).value();
  const auto vectors = model->embed(python.photos).value();
  for (std::size_t i = 0; i < python.photos.size(); ++i)
    EXPECT_GE(cosine(std::span(vectors).subspan(i * 1280, 1280), python.numbers(python.photos[i], ".vector")),
              0.99999);
}

TEST(efficientnet_lite0, fused_kernels_are_in_use_where_they_exist) {
  EXPECT_FALSE(network_of({.fused = false}).fused());
#ifdef __x86_64__
  EXPECT_TRUE(network_of({}).fused());
#endif
}

TEST(efficientnet_lite0, other_image_sizes_agree_between_the_two_ways) {
  const c10::InferenceMode inference;
  for (const std::uint32_t side : {33U, 64U, 97U, 160U}) {
    const auto image = painted(side, side);
    const network_placement placement{.image = {.resize = side, .crop = side}};
    auto plain_placement = placement;
    plain_placement.fused = false;
    const auto fused = network_of(placement);
    const auto plain = network_of(plain_placement);
    const auto a = fused.features(fused.input().upload({&image, 1}, 1));
    const auto b = plain.features(plain.input().upload({&image, 1}, 1));
    EXPECT_GE(at::cosine_similarity(a, b, 1).item<double>(), 0.99999) << side;
  }
}

} // namespace
} // namespace trainyard
