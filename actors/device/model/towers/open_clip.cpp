// CLIP as open_clip stores it: other names, one product for query, key and value, a transposed projection.
#include "actors/device/model/towers/text_readers.hpp"
#include "actors/device/model/towers/tower_readers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>

namespace trainyard {
namespace {

constexpr std::string_view known_keys[] = {"image_size", "layers",     "width",        "head_width",
                                           "mlp_ratio",  "patch_size", "patch_dropout"};
constexpr std::string_view known_text_keys[] = {"context_length", "vocab_size", "width",    "heads",
                                                "layers",         "mlp_ratio",  "pool_type"};

/// An unknown key may change what the tower computes: better no vector than a wrong one.
void refuse_unknown(const config_fields& tower, std::span<const std::string_view> known) {
  for (const auto& [key, value] : tower.object().items())
    if (std::ranges::find(known, key) == known.end() && !value.is_null() && value != nlohmann::json(false))
      throw config_error(tower.name_of(key.substr(0, 60).c_str()) + " is set, which is not supported");
}

void refuse_timm(const config_fields& vision) {
  if (vision.has("timm_model_name"))
    throw config_error("names a timm tower ('" + vision.text("timm_model_name").substr(0, 60) +
                       "'), which is not supported: use the same model as transformers stores it");
}

/// As Python's int() truncates.
std::uint32_t mlp_width_of(const config_fields& tower, std::uint32_t width) {
  return static_cast<std::uint32_t>(width * std::clamp(tower.real_or("mlp_ratio", 4.0), 0.25, 8.0));
}

activation activation_of_model(const config_fields& model) {
  return model.flag_or("quick_gelu", false) ? activation::quick_gelu : activation::gelu;
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
  refuse_timm(vision);
  refuse_unknown(vision, known_keys);
  tower_plan plan{.epsilon = 1e-5};
  plan.width = vision.number_or("width", 768, 16, 8192);
  const auto head_width = vision.number_or("head_width", 64, 1, 8192);
  plan.heads = plan.width / std::min(head_width, plan.width);
  plan.mlp_width = mlp_width_of(vision, plan.width);
  plan.patch = vision.number_or("patch_size", 16, 4, 128);
  plan.side = vision.number_or("image_size", 224, 32, 1024);
  plan.act = activation_of_model(model);
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

text_plan read_open_clip_text(const config_fields& root) {
  const auto model = root.object_or_empty("model_cfg");
  const auto text = model.object_or_empty("text_cfg");
  if (text.has("hf_model_name"))
    throw config_error(text.name_of("hf_model_name") + " names a text tower that is not CLIP's");
  refuse_unknown(text, known_text_keys);
  if (text.text_or("pool_type", "argmax") != "argmax")
    throw config_error(text.name_of("pool_type") + " is not \"argmax\"");
  text_plan plan;
  plan.layer.width = text.number_or("width", 512, 16, 8192);
  plan.layer.heads = text.number_or("heads", 8, 1, 256);
  plan.layer.mlp_width = mlp_width_of(text, plan.layer.width);
  plan.layer.act = activation_of_model(model);
  check_layers(text, plan.layer);
  plan.vocabulary = text.number_or("vocab_size", 49408, 3, most_vocabulary);
  plan.context = text.number_or("context_length", 77, 3, most_context);
  plan.dim = model.number("embed_dim", 1, 65536);
  const std::string at = model.flag_or("custom_text", false) ? "text." : "";
  plan.token_embedding = at + "token_embedding.weight";
  plan.positions = at + "positional_embedding";
  const auto layers = text.number_or("layers", 12, 1, 256);
  for (std::uint32_t i = 0; i < layers; ++i)
    plan.blocks.push_back(block_of(at + "transformer.resblocks." + std::to_string(i) + "."));
  plan.norm_last = named(at + "ln_final");
  plan.projection = {at + "text_projection"};
  plan.projection_is_transposed = true;
  plan.other_parts = {"visual.", "logit_scale", "logit_bias"};
  return plan;
}

} // namespace trainyard
