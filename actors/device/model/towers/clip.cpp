// CLIP as transformers stores it: the vision tower and its projection; the text tower is left in the file.
#include "actors/device/model/towers/tower_readers.hpp"

namespace trainyard {
tower_plan read_clip(const config_fields& root) {
  // CLIPVisionModelWithProjection has the vision tower's keys at the top.
  const bool alone = root.has("model_type") && root.text("model_type") == "clip_vision_model";
  const auto fields = alone ? root : root.object_or_empty("vision_config");
  tower_plan plan{.patch = 32, .act = activation::quick_gelu, .epsilon = 1e-5};
  const auto layers = read_geometry(fields, 12, plan);
  plan.dim = root.number_or("projection_dim", 512, 1, 65536);
  plan.patch_embedding = {"vision_model.embeddings.patch_embedding.weight"};
  plan.class_token = {"vision_model.embeddings.class_embedding", {plan.width}};
  plan.positions = {"vision_model.embeddings.position_embedding.weight",
                    {positions_of(plan, true), plan.width}};
  plan.norm_first = named("vision_model.pre_layrnorm"); // spelt so in every checkpoint
  for (std::uint32_t i = 0; i < layers; ++i)
    plan.blocks.push_back(clip_block("vision_model.encoder.layers." + std::to_string(i) + "."));
  plan.norm_last = named("vision_model.post_layernorm");
  plan.projection = "visual_projection.weight";
  plan.other_parts = {"text_model.", "text_projection.", "logit_scale"};
  return plan;
}

} // namespace trainyard
