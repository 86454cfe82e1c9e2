// CLIP's text tower as transformers stores it.
#include "actors/device/model/towers/text_readers.hpp"
#include "actors/device/model/towers/tower_readers.hpp"

namespace trainyard {

void name_text_weights(text_plan& plan, std::uint32_t layers) {
  plan.token_embedding = "text_model.embeddings.token_embedding.weight";
  plan.positions = "text_model.embeddings.position_embedding.weight";
  for (std::uint32_t i = 0; i < layers; ++i)
    plan.blocks.push_back(clip_block("text_model.encoder.layers." + std::to_string(i) + "."));
  plan.norm_last = named("text_model.final_layer_norm");
}

text_plan read_clip_text(const config_fields& root) {
  const auto fields = root.object_or_empty("text_config");
  text_plan plan{.layer = {.width = 512, .heads = 8, .mlp_width = 2048, .act = activation::quick_gelu}};
  const auto layers = read_layers(fields, 12, plan.layer);
  plan.vocabulary = fields.number_or("vocab_size", 49408, 3, most_vocabulary);
  plan.context = fields.number_or("max_position_embeddings", 77, 3, most_context);
  plan.dim = root.number_or("projection_dim", 512, 1, 65536);
  // Configurations of before 2023 say 2, which never was the end mark's id; the reference reads the highest
  // id then.
  plan.end_token = fields.number_or("eos_token_id", 49407, 0, most_vocabulary);
  plan.pooling = plan.end_token == 2 ? text_pooling::highest_id : text_pooling::end_token;
  name_text_weights(plan, layers);
  plan.projection = {"text_projection.weight"};
  plan.other_parts = {"vision_model.", "visual_projection.", "logit_scale"};
  return plan;
}

} // namespace trainyard
