// One reader per family of checkpoints: its configuration becomes a tower_plan. All throw config_error.
#pragma once

#include "actors/device/model/config_fields.hpp"
#include "actors/device/model/towers/tower_plan.hpp"

namespace trainyard {

/// CLIPModel and CLIPVisionModelWithProjection of transformers.
[[nodiscard]] tower_plan read_clip(const config_fields& root);
/// open_clip_config.json: CLIP towers of open_clip in its own names.
[[nodiscard]] tower_plan read_open_clip(const config_fields& root);
/// ViTModel, or the ViTModel within a ViTForImageClassification.
[[nodiscard]] tower_plan read_vit(const config_fields& root);
/// Dinov2Model and Dinov2WithRegistersModel, or those within their classifiers.
[[nodiscard]] tower_plan read_dinov2(const config_fields& root);
/// SiglipModel and SiglipVisionModel: SigLIP, and SigLIP 2 of fixed resolution.
[[nodiscard]] tower_plan read_siglip(const config_fields& root);

/// What nearly all share: width, heads, MLP, patch, image, activation and epsilon under the keys of
/// transformers; absent keys have the values of `standard`. Returns the number of layers.
std::uint32_t read_geometry(const config_fields& fields, std::uint32_t standard_layers, tower_plan& plan);
/// The plan's own consistency: its layers', and a patch fits the image.
void check_geometry(const config_fields& fields, const tower_plan& plan);
/// Of layers alone, of images or of text: width, heads, MLP, activation and epsilon. Returns how many.
std::uint32_t read_layers(const config_fields& fields, std::uint32_t standard_layers, layer_geometry& layer);
/// Heads divide the width, epsilon is one.
void check_layers(const config_fields& fields, const layer_geometry& layer);
/// "gelu", "gelu_pytorch_tanh" (and its other names) or "quick_gelu".
[[nodiscard]] activation activation_of(const config_fields& fields, const char* key, activation standard);
/// The class token and `grid` x `grid` patches.
[[nodiscard]] std::uint64_t positions_of(const tower_plan& plan, bool with_class_token);
/// "prefix.weight" and "prefix.bias".
[[nodiscard]] affine_names named(const std::string& prefix, bool with_bias = true);
/// A block of transformers' CLIP, whose names SigLIP shares; `at` ends with a dot.
[[nodiscard]] block_names clip_block(const std::string& at);
/// Whether `architectures` names one that ends in `ending`.
[[nodiscard]] bool is_for(const config_fields& root, std::string_view ending);

} // namespace trainyard
