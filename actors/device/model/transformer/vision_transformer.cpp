// Of the last layer only the class token is read, so only that is computed, unless a head reads them all.
#include "actors/device/model/transformer/vision_transformer.hpp"

#include <cmath>
#include <optional>

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cosine_similarity.h>

#include "actors/device/model/transformer/block.hpp"
#include "actors/device/model/transformer/linear.hpp"
#include "actors/device/model/transformer/patch_embedding.hpp"
#include "actors/device/model/transformer/pooling_head.hpp"
#include "actors/device/model/transformer/tower_weights.hpp"

namespace trainyard {
namespace {

/// The fused operators are private to LibTorch: what one layer adds is held against the public ones, once per
/// load.
bool agrees_with_plain(const tower_plan& plan, const weight_map& weights,
                       const network_placement& placement) {
  auto plain = placement;
  plain.fused = false;
  const std::int64_t tokens = plan.tokens(placement.image);
  try {
    const auto wave = at::arange(2 * tokens * plan.width, at::TensorOptions(at::kFloat)).mul_(0.7531).sin_();
    const auto x = placed(wave.view({2, tokens, plan.width}), placement);
    const auto& block = plan.blocks.front();
    const auto least = placement.precision == "fp32" ? 0.99999 : 0.999;
    for (const bool first_token_only : {false, true}) {
      const auto before = first_token_only ? x.narrow(1, 0, 1) : x;
      const auto added = [&](const network_placement& how) {
        const auto y =
            transformer_block(plan.layer(), block, weights, how, {tokens, first_token_only}).run(x);
        return (y - before).to(at::kFloat).reshape({-1});
      };
      if (!(at::cosine_similarity(added(placement), added(plain), 0).item<double>() >= least))
        return false;
    }
    return true;
  } catch (const std::exception&) {
    return false; // a processor without this precision in oneDNN: the plain kernels decide
  }
}

bool may_be_fused(const tower_plan& plan, const weight_map& weights, const network_placement& placement) {
  return placement.fused && placement.device.is_cpu() && fused_products_exist() &&
         agrees_with_plain(plan, weights, placement);
}

} // namespace

struct vision_transformer::layers {
  patch_embedding patches;
  std::optional<layer_norm> norm_first;
  std::vector<transformer_block> chain;
  layer_norm norm_last;
  std::optional<pooling_head> head;
  std::optional<linear> projection;

  layers(const tower_plan& plan, const weight_map& weights, const network_placement& placement)
      : patches(plan, weights, placement), norm_last(weights, plan.norm_last, plan.epsilon, placement) {
    if (!plan.norm_first.weight.empty())
      norm_first.emplace(weights, plan.norm_first, plan.epsilon, placement);
    for (const auto& block : plan.blocks) {
      const bool is_last = &block == &plan.blocks.back();
      chain.emplace_back(plan.layer(), block, weights, placement,
                         block_use{plan.tokens(placement.image), is_last && !plan.pooling});
    }
    if (plan.pooling)
      head.emplace(plan, weights, placement);
    if (plan.projection.empty())
      return;
    const auto& weight = weights.at(plan.projection);
    projection.emplace(plan.projection_is_transposed ? weight.t() : weight, at::Tensor(), placement,
                       placement.images_per_pass);
  }
};

vision_transformer::vision_transformer(const tower_plan& plan, const weight_map& weights,
                                       const network_placement& placement)
    : fused_(may_be_fused(plan, weights, placement)) {
  auto how = placement;
  how.fused = fused_;
  layers_ = std::make_shared<const layers>(plan, weights, how);
}

at::Tensor vision_transformer::upload(std::span<const prepared_image> images, std::size_t rows) const {
  return layers_->patches.upload(images, rows);
}

at::Tensor vision_transformer::features(const at::Tensor& patches) const {
  const auto& all = *layers_;
  auto x = all.patches.run(patches);
  if (all.norm_first)
    x = all.norm_first->run(x);
  for (const auto& block : all.chain)
    x = block.run(x);
  auto pooled = all.head ? all.head->run(all.norm_last.run(x)) : all.norm_last.run(x.select(1, 0));
  if (all.projection)
    pooled = all.projection->run(pooled);
  return pooled.to(at::kFloat);
}

} // namespace trainyard
