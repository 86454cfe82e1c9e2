// A vision transformer as data: its geometry, and under which names a checkpoint holds its weights.
// Torch-free.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/device/model/towers/layer_plan.hpp"
#include "actors/device/prepared_image.hpp"

namespace trainyard {

/// SigLIP's head: one learned query looks at all tokens.
struct pooling_names {
  tensor_rule probe;
  affine_names attention_in; ///< query, key and value in one
  affine_names attention_out;
  affine_names norm;
  affine_names mlp_in;
  affine_names mlp_out;
};

enum class position_scaling : std::uint8_t { none, bicubic, bicubic_antialiased };

struct tower_plan {
  std::uint32_t width = 768;
  std::uint32_t heads = 12;
  std::uint32_t mlp_width = 3072;
  std::uint32_t patch = 16; ///< side of a patch, pixels
  std::uint32_t side = 224; ///< of the images that the positions are stored for, pixels
  std::uint32_t dim = 768;  ///< of the features
  activation act = activation::gelu;
  double epsilon = 1e-5; ///< of every layer norm
  position_scaling scaling = position_scaling::none;

  affine_names patch_embedding{};
  tensor_rule class_token{}; ///< empty name: the tower has none, and a pooling head
  tensor_rule positions{};   ///< of the class token, if any, then of the patches row by row
  tensor_rule registers{};   ///< tokens without positions, between the two
  affine_names norm_first{};
  std::vector<block_names> blocks{};
  affine_names norm_last{};
  std::optional<pooling_names> pooling{};
  std::string projection{};               ///< of the pooled feature to `dim`, without bias
  bool projection_is_transposed = false;  ///< stored width x dim
  std::vector<std::string> other_parts{}; ///< beginnings of names that belong to a text tower or another head

  [[nodiscard]] std::uint32_t grid() const noexcept { return side / patch; } ///< of the stored positions
  [[nodiscard]] layer_geometry layer() const noexcept { return {width, heads, mlp_width, act, epsilon}; }
  /// Of an image as `spec` makes them: class token, registers and patches.
  [[nodiscard]] std::uint32_t tokens(const image_spec& spec) const noexcept;
};

/// Every tensor of the plan with the shape that its geometry gives.
[[nodiscard]] std::vector<tensor_rule> tensors_of(const tower_plan& plan);

} // namespace trainyard
