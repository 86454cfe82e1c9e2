// A text tower as data: its geometry, which token stands for the text, and what a checkpoint calls its
// weights. Torch-free.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "actors/device/model/towers/layer_plan.hpp"

namespace trainyard {

/// The token whose feature stands for the text.
enum class text_pooling : std::uint8_t {
  end_token,  ///< the first with the id text_plan::end_token
  highest_id, ///< the first of the highest id, which in CLIP's vocabulary is the end's
  last_token, ///< whatever it is: texts are padded to the whole context
};

enum class text_vocabulary : std::uint8_t { clip, siglip };

struct text_plan {
  layer_geometry layer{.width = 512, .heads = 8, .mlp_width = 2048};
  std::uint32_t vocabulary = 49408; ///< tokens that the tower knows
  std::uint32_t context = 77;       ///< most tokens of a text, with the marks around it
  std::uint32_t dim = 512;          ///< of the features
  bool causal = true;               ///< a token sees none that follows it
  text_pooling pooling = text_pooling::highest_id;
  std::uint32_t end_token = 49407; ///< id; counts for text_pooling::end_token alone
  text_vocabulary tokens = text_vocabulary::clip;

  std::string token_embedding{};
  std::string positions{};
  std::vector<block_names> blocks{};
  affine_names norm_last{};
  affine_names projection{};
  bool projection_is_transposed = false;  ///< stored width x dim
  std::vector<std::string> other_parts{}; ///< beginnings of names that belong to the vision tower
};

/// Every tensor of the plan with the shape that its geometry gives.
[[nodiscard]] std::vector<tensor_rule> tensors_of(const text_plan& plan);

/// Index of the token that stands for the text; nothing when it has no end token. REQUIRES: not empty.
[[nodiscard]] std::optional<std::size_t> pooled_token(const text_plan& plan,
                                                      std::span<const std::int64_t> ids);

} // namespace trainyard
