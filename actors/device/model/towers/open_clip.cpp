// CLIP as open_clip stores it: other names, one product for query, key and value, a transposed projection.
#include "actors/device/model/towers/tower_readers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace trainyard {
namespace {

constexpr std::string_view known_keys[] = {"image_size", "layers",     "width",        "head_width",
                                           "mlp_ratio",  "patch_size", "patch_dropout"};

/// An unknown key may change what the tower computes: better no vector than a wrong one.
void refuse_unknown(const config_fields& vision) {
  if (vision.has("timm_model_name"))
    throw config_error("names a timm tower ('" + vision.text("timm_model_name").substr(0, 60) +
                       "'), which is not supported: use the same model as transformers stores it");
  for (const auto& [key, value] : vision.object().items())
    if (std::ranges::find(known_keys, key) == std::end(known_keys) && !value.is_null() &&
        value != nlohmann::json(false))
      throw config_error(vision.name_of(key.substr(0, 60).c_str()) + " is set, which is not supported");
}

block_names block_of(const std::string& at) {
  return {.norm_before_attention = named(at + "ln_1"),
          .attention_in = {{at + "attn.in_proj_weight", at + "attn.in_proj_bias"}},
          .attention_out = named(at + "attn.out_proj"),
          .norm_before_mlp = named(at + "ln_2"),
          .mlp_in = named(at + "mlp.c_fc"),
          .mlp_out = named(at + "mlp.c_proj")};
}

} // namespace

tower_plan read_open_clip(const config_fields& root) {
  const auto model = root.object_or_empty("model_cfg");
  const auto vision = model.object_or_empty("vision_cfg");
  refuse_unknown(vision);
  tower_plan plan{.epsilon = 1e-5};
  plan.width = vision.number_or("width", 768, 16, 8192);
  const auto head_width = vision.number_or("head_width", 64, 1, 8192);
  plan.heads = plan.width / std::min(head_width, plan.width);
  plan.mlp_width = static_cast<std::uint32_t>(
      plan.width * std::clamp(vision.real_or("mlp_ratio", 4.0), 0.25, 8.0)); // as Python's int() truncates
  plan.patch = vision.number_or("patch_size", 16, 4, 128);
  plan.side = vision.number_or("image_size", 224, 32, 1024);
  plan.act = model.flag_or("quick_gelu", false) ? activation::quick_gelu : activation::gelu;
  plan.dim = model.number("embed_dim", 1, 65536);
  check_geometry(vision, plan);
  plan.patch_embedding = {"visual.conv1.weight"};
  plan.class_token = {"visual.class_embedding", {plan.width}};
  plan.positions = {"visual.positional_embedding", {positions_of(plan, true), plan.width}};
  plan.norm_first = named("visual.ln_pre");
  const auto layers = vision.number_or("layers", 12, 1, 256);
  for (std::uint32_t i = 0; i < layers; ++i)
    plan.blocks.push_back(block_of("visual.transformer.resblocks." + std::to_string(i) + "."));
  plan.norm_last = named("visual.ln_post");
  plan.projection = "visual.proj";
  plan.projection_is_transposed = true;
  plan.other_parts = {"text.",     "token_embedding.", "positional_embedding", "transformer.",
                      "ln_final.", "text_projection",  "logit_scale",          "logit_bias"};
  return plan;
}

} // namespace trainyard
