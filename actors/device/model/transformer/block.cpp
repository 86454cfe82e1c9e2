// Tokens of all images lie below one another, so that each product is a single large one.
#include "actors/device/model/transformer/block.hpp"

#include <ATen/core/Tensor.h>

#include "actors/device/model/transformer/attention.hpp"
#include "actors/device/model/transformer/linear.hpp"
#include "actors/device/model/transformer/mlp.hpp"
#include "actors/device/model/transformer/tower_weights.hpp"

namespace trainyard {
namespace {

affine scaled_by(const affine& of, const weight_map& weights, const std::string& scale) {
  return scale.empty() ? of : scaled(of, weights.at(scale));
}

affine attention_in(const block_names& names, const weight_map& weights) {
  std::vector<affine> parts;
  for (const auto& part : names.attention_in)
    parts.push_back(affine_of(weights, part));
  return parts.size() == 1 ? parts.front() : joined(parts);
}

at::Tensor in_rows(const at::Tensor& x) {
  return x.reshape({-1, x.size(-1)});
}

} // namespace

struct transformer_block::state {
  std::int64_t heads;
  bool first_token_only;
  bool causal;
  layer_norm norm_before_attention;
  std::vector<linear> attention_in; ///< all three in one; or query, then key and value
  linear attention_out;
  layer_norm norm_before_mlp;
  mlp after;
};

transformer_block::transformer_block(const layer_geometry& layer, const block_names& names,
                                     const weight_map& weights, const network_placement& placement,
                                     const block_use& use) {
  const std::int64_t width = layer.width;
  const std::int64_t images = placement.images_per_pass;
  const auto tokens = images * use.tokens;
  const auto queries = use.first_token_only ? images : tokens;
  const auto all = attention_in(names, weights);
  const auto place = [&](const affine& of, std::int64_t rows) {
    return linear(of.weight, of.bias, placement, rows);
  };
  std::vector<linear> in;
  if (use.first_token_only)
    in = {place(rows_of(all, 0, width), queries), place(rows_of(all, width, 2 * width), tokens)};
  else
    in = {place(all, tokens)};
  state_ = std::make_shared<const state>(state{
      layer.heads, use.first_token_only, use.causal,
      layer_norm(weights, names.norm_before_attention, layer.epsilon, placement), std::move(in),
      place(scaled_by(affine_of(weights, names.attention_out), weights, names.attention_scale), queries),
      layer_norm(weights, names.norm_before_mlp, layer.epsilon, placement),
      mlp(affine_of(weights, names.mlp_in),
          scaled_by(affine_of(weights, names.mlp_out), weights, names.mlp_scale), layer.act, placement,
          queries)});
}

at::Tensor transformer_block::run(const at::Tensor& x) const {
  const auto& s = *state_;
  const auto images = x.size(0);
  const auto width = x.size(2);
  const auto normed = s.norm_before_attention.run(x);
  auto stream = x;
  at::Tensor seen;
  if (s.first_token_only) {
    stream = x.select(1, 0).contiguous();
    const auto query = s.attention_in[0].run(normed.select(1, 0).contiguous()).view({images, 1, width});
    const auto rest =
        split_heads(s.attention_in[1].run(in_rows(normed)).view({images, -1, 2 * width}), 2, s.heads);
    seen = attend(split_heads(query, 1, s.heads)[0], rest[0], rest[1]);
  } else {
    const auto parts =
        split_heads(s.attention_in[0].run(in_rows(normed)).view({images, -1, 3 * width}), 3, s.heads);
    seen = attend(parts[0], parts[1], parts[2], s.causal);
  }
  const auto attended = s.attention_out.run_onto(in_rows(stream), in_rows(seen));
  return s.after.run_onto(attended, s.norm_before_mlp.run(attended)).view({images, -1, width});
}

} // namespace trainyard
