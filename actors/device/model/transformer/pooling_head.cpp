// The query is the same for every image: it is computed once, at load.
#include "actors/device/model/transformer/pooling_head.hpp"

#include <ATen/core/Tensor.h>
#include <ATen/ops/linear.h>

#include "actors/device/model/transformer/attention.hpp"
#include "actors/device/model/transformer/linear.hpp"
#include "actors/device/model/transformer/mlp.hpp"
#include "actors/device/model/transformer/tower_weights.hpp"

namespace trainyard {

struct pooling_head::state {
  std::int64_t heads;
  at::Tensor query; ///< 1 x heads x 1 x head width
  linear key_and_value;
  linear out;
  layer_norm norm;
  mlp after;
};

pooling_head::pooling_head(const tower_plan& plan, const weight_map& weights,
                           const network_placement& placement) {
  const auto& names = plan.pooling.value();
  const std::int64_t width = plan.width;
  const std::int64_t images = placement.images_per_pass;
  const auto all = affine_of(weights, names.attention_in);
  const auto asking = rows_of(all, 0, width);
  const auto query = at::linear(weights.at(names.probe.name).view({1, width}), asking.weight, asking.bias);
  const auto keys = rows_of(all, width, 2 * width);
  const auto out = affine_of(weights, names.attention_out);
  state_ = std::make_shared<const state>(state{
      plan.heads, split_heads(placed(query.view({1, 1, width}), placement), 1, plan.heads)[0],
      linear(keys.weight, keys.bias, placement, images * plan.tokens(placement.image)),
      linear(out.weight, out.bias, placement, images),
      layer_norm(weights, names.norm, plan.epsilon, placement),
      mlp(affine_of(weights, names.mlp_in), affine_of(weights, names.mlp_out), plan.act, placement, images)});
}

at::Tensor pooling_head::run(const at::Tensor& tokens) const {
  const auto& s = *state_;
  const auto images = tokens.size(0);
  const auto width = tokens.size(2);
  const auto rows = s.key_and_value.run(tokens.reshape({-1, width}));
  const auto parts = split_heads(rows.view({images, -1, 2 * width}), 2, s.heads);
  const auto query = s.query.expand({images, -1, -1, -1});
  const auto pooled = s.out.run(attend(query, parts[0], parts[1]).view({images, width}));
  return s.after.run_onto(pooled, s.norm.run(pooled));
}

} // namespace trainyard
