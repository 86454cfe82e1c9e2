// SigLIP's text tower: every token sees every other, and the last one, mostly padding, is the text's.
#include "actors/device/model/towers/text_readers.hpp"
#include "actors/device/model/towers/tower_readers.hpp"

namespace trainyard {

text_plan read_siglip_text(const config_fields& root) {
  const auto fields = root.object_or_empty("text_config");
  text_plan plan{.layer = {.act = activation::gelu_tanh, .epsilon = 1e-6},
                 .causal = false,
                 .pooling = text_pooling::last_token,
                 .tokens = text_vocabulary::siglip};
  const auto layers = read_layers(fields, 12, plan.layer);
  plan.vocabulary = fields.number_or("vocab_size", 32000, 3, most_vocabulary);
  plan.context = fields.number_or("max_position_embeddings", 64, 3, most_context);
  plan.dim = fields.number_or("projection_size", plan.layer.width, 1, 65536);
  name_text_weights(plan, layers);
  plan.projection = named("text_model.head");
  plan.other_parts = {"vision_model.", "logit_scale", "logit_bias"};
  return plan;
}

} // namespace trainyard
