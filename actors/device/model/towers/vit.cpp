// The plain vision transformer; its feature is the class token after the last norm.
#include "actors/device/model/towers/tower_readers.hpp"

namespace trainyard {
namespace {

block_names block_of(const std::string& at, bool with_bias) {
  const auto part = [&](const char* name) { return named(at + "attention.attention." + name, with_bias); };
  return {.norm_before_attention = named(at + "layernorm_before"),
          .attention_in = {part("query"), part("key"), part("value")},
          .attention_out = named(at + "attention.output.dense"),
          .norm_before_mlp = named(at + "layernorm_after"),
          .mlp_in = named(at + "intermediate.dense"),
          .mlp_out = named(at + "output.dense")};
}

} // namespace

tower_plan read_vit(const config_fields& root) {
  tower_plan plan{.act = activation::gelu, .epsilon = 1e-12};
  const auto layers = read_geometry(root, 12, plan);
  const bool with_bias = root.flag_or("qkv_bias", true);
  const std::string at = is_for(root, "ForImageClassification") ? "vit." : "";
  plan.patch_embedding = named(at + "embeddings.patch_embeddings.projection");
  plan.class_token = {at + "embeddings.cls_token", {1, 1, plan.width}};
  plan.positions = {at + "embeddings.position_embeddings", {1, positions_of(plan, true), plan.width}};
  for (std::uint32_t i = 0; i < layers; ++i)
    plan.blocks.push_back(block_of(at + "encoder.layer." + std::to_string(i) + ".", with_bias));
  plan.norm_last = named(at + "layernorm");
  plan.other_parts = {at + "pooler.", at + "embeddings.mask_token", "classifier."};
  return plan;
}

} // namespace trainyard
