// What the layers of all transformers have in common, of images or of text. Torch-free.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/device/model/weight_map.hpp"

namespace trainyard {

enum class activation : std::uint8_t { gelu, gelu_tanh, quick_gelu };

/// Names of a weight and its bias; an empty bias: there is none; both empty: the step is left out.
struct affine_names {
  std::string weight{};
  std::string bias{};
};

struct block_names {
  affine_names norm_before_attention;
  std::vector<affine_names> attention_in; ///< query, key and value, or one that holds all three in this order
  affine_names attention_out;
  affine_names norm_before_mlp;
  affine_names mlp_in;
  affine_names mlp_out;
  std::string attention_scale{}; ///< per channel, of what the block adds; empty: none
  std::string mlp_scale{};
};

struct layer_geometry {
  std::uint32_t width = 768;
  std::uint32_t heads = 12;
  std::uint32_t mlp_width = 3072;
  activation act = activation::gelu;
  double epsilon = 1e-5; ///< of every layer norm
};

/// Collects what a plan wants of a file; names that are empty want nothing.
class rule_list {
public:
  void add(const std::string& name, std::vector<std::uint64_t> shape, bool may_be_zero = false);
  void add(const tensor_rule& rule) { add(rule.name, rule.shape, rule.may_be_zero); }
  /// out x in, and a bias of out.
  void add(const affine_names& names, std::uint64_t out, std::uint64_t in);
  void add_norm(const affine_names& names, std::uint64_t width);
  void add(const block_names& block, const layer_geometry& layer);
  [[nodiscard]] std::vector<tensor_rule> take() { return std::move(rules_); }

private:
  std::vector<tensor_rule> rules_;
};

} // namespace trainyard
