// A tower's weights with one thing wrong in them: refused by the tensor's name, never run.
#include <limits>

#include <gmock/gmock.h>

#include "actors/device/model/load_model.hpp"
#include "tests/unit/model/changed_model.hpp"
#include "tests/unit/model/photos.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using namespace trainyard::testing;
namespace fs = std::filesystem;

const fs::path tower = fs::path(TRAINYARD_TEST_TOWERS) / "clip-b32";

struct changed_tower : changed_model {
  changed_tower() : changed_model(tower) {}
  void expect_refused(const std::string& why) const {
    const auto model = load_model(dir.path(), {});
    ASSERT_FALSE(model.has_value()) << why;
    EXPECT_EQ(model.error().kind, failure_kind::model_invalid);
    EXPECT_THAT(model.error().cause, HasSubstr(why));
    EXPECT_FALSE(model.error().remedy.empty());
  }
};

TEST(tower_weights, a_missing_and_an_unknown_tensor_are_named) {
  const changed_tower missing;
  missing.replace("model.safetensors", "vision_model.encoder.layers.1.mlp.fc1.bias",
                  "vision_model.encoder.layers.1.mlp.fc9.bias");
  missing.expect_refused("'vision_model.encoder.layers.1.mlp.fc1.bias' is missing");
  const changed_tower extra;
  extra.replace("model.safetensors", "text_model.final_layer_norm.bias", "test_model.final_layer_norm.bias");
  extra.expect_refused("'test_model.final_layer_norm.bias' does not belong");
}

TEST(tower_weights, a_shape_of_another_geometry_is_named_with_both_shapes) {
  const changed_tower wider;
  wider.replace("config.json", "\"projection_dim\": 96", "\"projection_dim\": 97");
  wider.expect_refused("'visual_projection.weight' has shape [96, 128] and must have [97, 128]");
  const changed_tower deeper;
  deeper.replace("config.json", "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 4");
  deeper.expect_refused("layers.3.");
}

TEST(tower_weights, values_that_are_not_finite_or_all_zero_are_named) {
  const changed_tower broken;
  broken.overwrite("vision_model.encoder.layers.2.self_attn.q_proj.weight",
                   {1, std::numeric_limits<float>::quiet_NaN()});
  broken.expect_refused("'vision_model.encoder.layers.2.self_attn.q_proj.weight' holds a value that is not");
  const changed_tower empty;
  empty.overwrite("visual_projection.weight", {0}, true);
  empty.expect_refused("'visual_projection.weight' is all zero");
}

TEST(tower_weights, a_bias_may_be_zero_and_nobody_looks_at_the_text_tower) {
  const changed_tower plain;
  plain.overwrite("vision_model.encoder.layers.0.self_attn.k_proj.bias", {0}, true);
  plain.overwrite("text_model.final_layer_norm.bias", {std::numeric_limits<float>::quiet_NaN()});
  EXPECT_TRUE(load_model(plain.dir.path(), {}).has_value());
}

TEST(tower_weights, what_stands_there_instead_of_the_weights_is_told) {
  const changed_tower other;
  fs::rename(other.dir.path() / "model.safetensors", other.dir.path() / "pytorch_model.bin");
  EXPECT_THAT(load_model(other.dir.path(), {}).error().cause, HasSubstr("only a PyTorch pickle"));
  other.dir.write("model.safetensors.index.json", "{}");
  EXPECT_THAT(load_model(other.dir.path(), {}).error().cause, HasSubstr("several files"));
}

} // namespace
} // namespace trainyard
