// Pictures of smooth waves, models from the model store, devices in their first state.
#include "tests/unit/simulated/simulated_bench.hpp"

#include <cmath>
#include <cstring>

namespace trainyard::testing {

void simulated_bench::SetUpTestSuite() {
  static const bool once = [] {
    install_simulated_devices({{}, {}});
    return true;
  }();
  ASSERT_TRUE(once);
}

void simulated_bench::SetUp() {
  for (const int index : {0, 1}) {
    configure_simulated_device(index, {});
    ASSERT_TRUE(device_memory(device(index)).collect());
    reset_simulated_counts(index);
  }
}

void simulated_bench::TearDown() {
  for (const int index : {0, 1})
    EXPECT_EQ(counts_of_simulated_device(index).live_bytes, 0U) << "on device " << index;
}

device_spec simulated_bench::device(int index) {
  return {.id = "simdev:" + std::to_string(index),
          .kind = "simdev",
          .name = "simulated",
          .index = static_cast<std::int8_t>(index)};
}

std::unique_ptr<embedding_model> simulated_bench::model(const device_spec& on, std::uint32_t images) {
  auto loaded = load_model(TRAINYARD_MODELS "/efficientnet-lite0", on, {.max_micro_batch = images});
  EXPECT_TRUE(loaded) << loaded.error().cause;
  return loaded ? std::move(*loaded) : nullptr;
}

prepared_batch simulated_bench::batch(std::size_t images) {
  constexpr std::size_t side = 224;
  prepared_batch made;
  work_batch work;
  work.dtype = "fp32";
  for (std::uint32_t number = 0; number < images; ++number) {
    prepared_image image;
    image.path = "p" + std::to_string(number);
    for (std::size_t at = 0; at < side * side * 3; ++at) {
      const auto x = static_cast<double>(at / 3 % side);
      const auto y = static_cast<double>(at / 3 / side);
      const auto wave =
          std::sin(x / (3.0 + number) + static_cast<double>(at % 3)) * std::cos(y / (5.0 + number));
      image.pixels.push_back(static_cast<std::uint8_t>(127 + 120 * wave));
    }
    work.assets.push_back({image.path, 1, 1});
    made.images.push_back(std::move(image));
    made.positions.push_back(number);
  }
  made.work = std::make_shared<const work_batch>(std::move(work));
  return made;
}

std::vector<float> simulated_bench::vectors_of(const batch_result& done) {
  std::vector<float> values(done.vectors.bytes.size() / sizeof(float));
  std::memcpy(values.data(), done.vectors.bytes.data(), done.vectors.bytes.size());
  return values;
}

double simulated_bench::least_cosine(const std::vector<float>& left, const std::vector<float>& right,
                                     std::size_t dim) {
  EXPECT_EQ(left.size(), right.size());
  double least = 1;
  for (std::size_t row = 0; row + dim <= std::min(left.size(), right.size()); row += dim) {
    double cosine = 0;
    for (std::size_t i = row; i < row + dim; ++i)
      cosine += static_cast<double>(left[i]) * right[i];
    least = std::min(least, cosine);
  }
  return least;
}

batch_embedder simulated_bench::embedder(embedding_model& model, embedder_settings settings, int index) {
  return {model,
          memory_upkeep(device_memory(device(index)), settings.collection,
                        [this](const std::string& line) { lines.push_back(line); }),
          settings};
}

} // namespace trainyard::testing
