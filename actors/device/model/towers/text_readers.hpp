// One reader per family of text towers: its configuration becomes a text_plan. All throw config_error.
#pragma once

#include "actors/device/model/config_fields.hpp"
#include "actors/device/model/towers/text_plan.hpp"

namespace trainyard {

/// CLIPModel of transformers.
[[nodiscard]] text_plan read_clip_text(const config_fields& root);
/// open_clip_config.json: the text tower that stands beside a CLIP's, at the top or below "text.".
[[nodiscard]] text_plan read_open_clip_text(const config_fields& root);
/// SiglipModel.
[[nodiscard]] text_plan read_siglip_text(const config_fields& root);

/// Several times what any model has; with the width it bounds what a configuration can ask memory for.
inline constexpr std::int64_t most_vocabulary = 1 << 20;
inline constexpr std::int64_t most_context = 4096;

/// What transformers calls the towers of CLIP and SigLIP alike: embeddings, layers and the last norm.
void name_text_weights(text_plan& plan, std::uint32_t layers);

} // namespace trainyard
