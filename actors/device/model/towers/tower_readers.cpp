// What the families of transformers have in common.
#include "actors/device/model/towers/tower_readers.hpp"

#include <algorithm>

namespace trainyard {

activation activation_of(const config_fields& fields, const char* key, activation standard) {
  if (!fields.has(key))
    return standard;
  const auto name = fields.text(key);
  if (name == "gelu")
    return activation::gelu;
  if (name == "quick_gelu")
    return activation::quick_gelu;
  if (name == "gelu_pytorch_tanh" || name == "gelu_new" || name == "gelu_fast")
    return activation::gelu_tanh;
  throw config_error(fields.name_of(key) + " is '" + name.substr(0, 40) +
                     "'; known: gelu, gelu_pytorch_tanh, quick_gelu");
}

std::uint32_t read_layers(const config_fields& fields, std::uint32_t standard_layers, layer_geometry& layer) {
  layer.width = fields.number_or("hidden_size", layer.width, 16, 8192);
  layer.heads = fields.number_or("num_attention_heads", layer.heads, 1, 256);
  layer.mlp_width = fields.number_or("intermediate_size", layer.mlp_width, 16, 65536);
  layer.act = activation_of(fields, "hidden_act", layer.act);
  layer.epsilon = fields.real_or("layer_norm_eps", layer.epsilon);
  check_layers(fields, layer);
  return fields.number_or("num_hidden_layers", standard_layers, 1, 256);
}

std::uint32_t read_geometry(const config_fields& fields, std::uint32_t standard_layers, tower_plan& plan) {
  auto layer = plan.layer();
  const auto layers = read_layers(fields, standard_layers, layer);
  plan.width = layer.width;
  plan.heads = layer.heads;
  plan.mlp_width = layer.mlp_width;
  plan.act = layer.act;
  plan.epsilon = layer.epsilon;
  plan.patch = fields.number_or("patch_size", plan.patch, 4, 128);
  plan.side = fields.number_or("image_size", plan.side, 32, 1024);
  if (fields.number_or("num_channels", 3, 1, 1024) != 3)
    throw config_error(fields.name_of("num_channels") + " must be 3: images are RGB");
  plan.dim = plan.width;
  check_geometry(fields, plan);
  return layers;
}

void check_layers(const config_fields& fields, const layer_geometry& layer) {
  if (layer.width % layer.heads != 0)
    throw config_error("has a width of " + std::to_string(layer.width) + " that " +
                       std::to_string(layer.heads) + " attention heads cannot share evenly");
  if (!(layer.epsilon > 0 && layer.epsilon < 1))
    throw config_error(fields.name_of("layer_norm_eps") + " must be between 0 and 1");
}

void check_geometry(const config_fields& fields, const tower_plan& plan) {
  check_layers(fields, plan.layer());
  if (plan.patch > plan.side)
    throw config_error(fields.name_of("patch_size") + " exceeds the image's " + std::to_string(plan.side) +
                       " pixels");
}

std::uint64_t positions_of(const tower_plan& plan, bool with_class_token) {
  return std::uint64_t{plan.grid()} * plan.grid() + (with_class_token ? 1 : 0);
}

affine_names named(const std::string& prefix, bool with_bias) {
  return {prefix + ".weight", with_bias ? prefix + ".bias" : std::string()};
}

block_names clip_block(const std::string& at) {
  return {.norm_before_attention = named(at + "layer_norm1"),
          .attention_in = {named(at + "self_attn.q_proj"), named(at + "self_attn.k_proj"),
                           named(at + "self_attn.v_proj")},
          .attention_out = named(at + "self_attn.out_proj"),
          .norm_before_mlp = named(at + "layer_norm2"),
          .mlp_in = named(at + "mlp.fc1"),
          .mlp_out = named(at + "mlp.fc2")};
}

bool is_for(const config_fields& root, std::string_view ending) {
  if (!root.has("architectures") || !root.member("architectures").is_array())
    return false;
  return std::ranges::any_of(root.member("architectures"), [&](const nlohmann::json& name) {
    return name.is_string() && name.get_ref<const std::string&>().ends_with(ending);
  });
}

} // namespace trainyard
