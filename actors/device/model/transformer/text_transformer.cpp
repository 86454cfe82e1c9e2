// The layers are those of the vision towers; only the way in and the token that is read differ.
#include "actors/device/model/transformer/text_transformer.hpp"

#include <algorithm>

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>

#include "actors/device/memory/torch_device.hpp"
#include "actors/device/model/transformer/block.hpp"
#include "actors/device/model/transformer/linear.hpp"
#include "actors/device/model/transformer/tower_weights.hpp"

namespace trainyard {
namespace {

linear projection_of(const text_plan& plan, const weight_map& weights, const network_placement& placement) {
  const auto [weight, bias] = affine_of(weights, plan.projection);
  return {plan.projection_is_transposed ? weight.t() : weight, bias, placement, 1};
}

} // namespace

struct text_transformer::layers {
  c10::Device device;
  at::Tensor tokens;    ///< vocabulary x width
  at::Tensor positions; ///< context x width
  std::vector<transformer_block> chain;
  layer_norm norm_last;
  linear projection;

  layers(const text_plan& plan, const weight_map& weights, const network_placement& placement)
      : device(to_torch(placement.device)), tokens(placed(weights.at(plan.token_embedding), placement)),
        positions(placed(weights.at(plan.positions), placement)),
        norm_last(weights, plan.norm_last, plan.layer.epsilon, placement),
        projection(projection_of(plan, weights, placement)) {
    for (const auto& block : plan.blocks)
      chain.emplace_back(plan.layer, block, weights, placement,
                         block_use{.tokens = plan.context, .causal = plan.causal});
  }
};

text_transformer::text_transformer(const text_plan& plan, const weight_map& weights,
                                   const network_placement& placement)
    : layers_(std::make_shared<const layers>(plan, weights, placement)) {}

at::Tensor text_transformer::feature(std::span<const std::int64_t> ids) const {
  const auto& all = *layers_;
  const auto count = static_cast<std::int64_t>(ids.size());
  auto indices = at::empty({count}, at::TensorOptions(at::kLong));
  std::ranges::copy(ids, indices.mutable_data_ptr<std::int64_t>());
  auto x =
      (at::embedding(all.tokens, indices.to(all.device)) + all.positions.narrow(0, 0, count)).unsqueeze(0);
  for (const auto& block : all.chain)
    x = block.run(x);
  const auto pooled = all.norm_last.run(x.select(1, count - 1));
  return all.projection.run(pooled).to(at::kFloat).squeeze(0);
}

} // namespace trainyard
