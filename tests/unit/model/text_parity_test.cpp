// Every text tower, with its tokenizer, against transformers and open_clip.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "actors/device/model/text_model.hpp"
#include "tests/unit/model/photos.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// What text_towers.py wrote: made at build time, or named by the environment (ops/model_parity).
fs::path towers() {
  const auto* const other = std::getenv("TRAINYARD_TEXT_TOWERS");
  return other == nullptr ? fs::path(TRAINYARD_TEST_TEXT_TOWERS) : fs::path(other);
}

std::vector<std::string> tower_names() {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator item(towers(), error), end; !error && item != end; item.increment(error))
    if (fs::exists(item->path() / "texts.json"))
      names.push_back(item->path().filename().string());
  std::ranges::sort(names);
  return names;
}

class text_parity_test : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(text_towers, text_parity_test, ::testing::ValuesIn(tower_names()),
                         [](const auto& instance) {
                           auto name = instance.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_P(text_parity_test, VectorsOfTextsEqualTheReference) {
  const auto model = text_model::load(towers() / GetParam());
  ASSERT_TRUE(model) << model.error().cause;
  std::ifstream file(towers() / GetParam() / "texts.json");
  double least = 1;
  for (const auto& row : json::parse(file)) {
    const auto text = row.at("text").get<std::string>();
    const auto vector = model->embed(text);
    ASSERT_TRUE(vector) << vector.error().cause;
    const auto wanted = row.at("vector").get<std::vector<float>>();
    ASSERT_EQ(vector->numbers.size(), wanted.size());
    const auto alike = trainyard::testing::cosine(vector->numbers, wanted);
    EXPECT_GE(alike, 0.9999) << row.at("text").dump(-1, ' ', true);
    least = std::min(least, alike);
  }
  std::printf("%-22s fp32  least cosine of texts %.7f\n", GetParam().c_str(), least);
}

TEST(text_towers, every_family_is_there) {
  EXPECT_GE(tower_names().size(), std::getenv("TRAINYARD_TEXT_TOWERS") == nullptr ? 6U : 1U)
      << "run ops/setup, which installs ops/requirements-models.txt";
}

} // namespace
} // namespace trainyard
