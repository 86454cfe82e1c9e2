// Weights that are not what the architecture wants are refused by name.
#include "actors/device/model/weight_map.hpp"

#include <cstring>
#include <limits>

#include <ATen/core/Tensor.h>
#include <gmock/gmock.h>

#include "tests/support/temp_dir.hpp"
#include "tests/unit/model/tensor_file.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using namespace trainyard::testing;

const std::vector<tensor_rule> wanted{{"w", {2}}};

std::string floats(float first, float second) {
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &first, 4);
  std::memcpy(bytes.data() + 4, &second, 4);
  return bytes;
}

result<weight_map> load(std::string_view header, const std::string& data) {
  const temp_dir dir;
  const auto file = safetensors_file::open(dir.write("m", file_of(header, data)));
  EXPECT_TRUE(file.has_value()) << file.error().cause;
  return weight_map::load(*file, wanted);
}

std::string named(std::string_view name, std::string_view dtype, std::string_view shape) {
  return "{\"" + std::string(name) + R"(":{"dtype":")" + std::string(dtype) + R"(","shape":)" +
         std::string(shape) + R"(,"data_offsets":[0,8]}})";
}

void expect_refused(const result<weight_map>& weights, const std::string& why) {
  ASSERT_FALSE(weights.has_value()) << why;
  EXPECT_EQ(weights.error().kind, failure_kind::model_invalid);
  EXPECT_THAT(weights.error().cause, HasSubstr(why));
  EXPECT_FALSE(weights.error().remedy.empty());
}

TEST(weight_map, good_weights_are_copied_and_outlive_their_file) {
  const auto weights = load(named("w", "F32", "[2]"), floats(1.5F, -2));
  ASSERT_TRUE(weights.has_value()) << weights.error().cause;
  EXPECT_EQ(weights->at("w")[1].item<float>(), -2);
  EXPECT_THROW((void)weights->at("v"), std::out_of_range);
}

TEST(weight_map, wrong_names_shapes_and_types_are_refused) {
  expect_refused(load(named("v", "F32", "[2]"), floats(1, 2)), "'w' is missing");
  expect_refused(load(named("w", "F32", "[1,2]"), floats(1, 2)), "has shape [1, 2] and must have [2]");
  expect_refused(load(named("w", "F16", "[4]"), floats(1, 2)), "shape");
  expect_refused(load(named("w", "I32", "[2]"), floats(1, 2)), "is I32 and must be F32");
}

TEST(weight_map, extra_tensors_are_refused_but_batch_counters_are_not) {
  const auto with = [](const std::string& extra) {
    return R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},")" + extra +
           R"(":{"dtype":"I64","shape":[],"data_offsets":[8,16]}})";
  };
  expect_refused(load(with("x"), floats(1, 2) + "12345678"), "'x' does not belong");
  EXPECT_TRUE(load(with("_bn0.num_batches_tracked"), floats(1, 2) + "12345678").has_value());
}

TEST(weight_map, values_that_are_not_finite_or_all_zero_are_refused) {
  expect_refused(load(named("w", "F32", "[2]"), floats(1, std::numeric_limits<float>::quiet_NaN())),
                 "not finite");
  expect_refused(load(named("w", "F32", "[2]"), floats(-std::numeric_limits<float>::infinity(), 1)),
                 "not finite");
  expect_refused(load(named("w", "F32", "[2]"), floats(0, -0.0F)), "all zero");
  EXPECT_TRUE(load(named("w", "F32", "[2]"), floats(0, 1)).has_value());
}

} // namespace
} // namespace trainyard
