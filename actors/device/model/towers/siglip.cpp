// SigLIP and SigLIP 2: no class token; a head with one learned query gathers the patches.
#include "actors/device/model/towers/tower_readers.hpp"

namespace trainyard {
tower_plan read_siglip(const config_fields& root) {
  const bool alone = root.has("model_type") && root.text("model_type") == "siglip_vision_model";
  const auto fields = alone ? root : root.object_or_empty("vision_config");
  tower_plan plan{.act = activation::gelu_tanh, .epsilon = 1e-6};
  const auto layers = read_geometry(fields, 12, plan);
  if (!fields.flag_or("vision_use_head", true))
    throw config_error(fields.name_of("vision_use_head") +
                       " is false: the tower has no head that makes one vector of its tokens");
  const std::string at = "vision_model.";
  plan.patch_embedding = named(at + "embeddings.patch_embedding");
  plan.positions = {at + "embeddings.position_embedding.weight", {positions_of(plan, false), plan.width}};
  for (std::uint32_t i = 0; i < layers; ++i)
    plan.blocks.push_back(clip_block(at + "encoder.layers." + std::to_string(i) + "."));
  plan.norm_last = named(at + "post_layernorm");
  plan.pooling = pooling_names{
      .probe = {at + "head.probe", {1, 1, plan.width}},
      .attention_in = {at + "head.attention.in_proj_weight", at + "head.attention.in_proj_bias"},
      .attention_out = named(at + "head.attention.out_proj"),
      .norm = named(at + "head.layernorm"),
      .mlp_in = named(at + "head.mlp.fc1"),
      .mlp_out = named(at + "head.mlp.fc2")};
  plan.other_parts = {"text_model.", "logit_scale", "logit_bias"};
  return plan;
}

} // namespace trainyard
