// DINOv2, with and without register tokens: layer scales, and positions that are stored for larger images
// than it is commonly used on.
#include "actors/device/model/towers/tower_readers.hpp"

namespace trainyard {
namespace {

block_names block_of(const std::string& at, bool with_bias) {
  const auto part = [&](const char* name) { return named(at + "attention.attention." + name, with_bias); };
  return {.norm_before_attention = named(at + "norm1"),
          .attention_in = {part("query"), part("key"), part("value")},
          .attention_out = named(at + "attention.output.dense"),
          .norm_before_mlp = named(at + "norm2"),
          .mlp_in = named(at + "mlp.fc1"),
          .mlp_out = named(at + "mlp.fc2"),
          .attention_scale = at + "layer_scale1.lambda1",
          .mlp_scale = at + "layer_scale2.lambda1"};
}

} // namespace

tower_plan read_dinov2(const config_fields& root) {
  const bool has_registers = root.text("model_type") == "dinov2_with_registers";
  tower_plan plan{.patch = has_registers ? 16U : 14U, .act = activation::gelu, .epsilon = 1e-6};
  const auto layers = read_geometry(root, 12, plan);
  if (root.flag_or("use_swiglu_ffn", false))
    throw config_error(
        "'use_swiglu_ffn' is true: the giant DINOv2 is not supported, small, base and large are");
  plan.mlp_width = plan.width * root.number_or("mlp_ratio", 4, 1, 8);
  plan.scaling = has_registers ? position_scaling::bicubic_antialiased : position_scaling::bicubic;
  const bool with_bias = root.flag_or("qkv_bias", true);
  const bool classifies = is_for(root, "ForImageClassification");
  const std::string at = !classifies ? "" : has_registers ? "dinov2_with_registers." : "dinov2.";
  plan.patch_embedding = named(at + "embeddings.patch_embeddings.projection");
  plan.class_token = {at + "embeddings.cls_token", {1, 1, plan.width}};
  plan.positions = {at + "embeddings.position_embeddings", {1, positions_of(plan, true), plan.width}};
  if (has_registers)
    plan.registers = {at + "embeddings.register_tokens",
                      {1, root.number_or("num_register_tokens", 4, 1, 64), plan.width}};
  for (std::uint32_t i = 0; i < layers; ++i)
    plan.blocks.push_back(block_of(at + "encoder.layer." + std::to_string(i) + ".", with_bias));
  plan.norm_last = named(at + "layernorm");
  plan.other_parts = {at + "embeddings.mask_token", "classifier."};
  return plan;
}

} // namespace trainyard
