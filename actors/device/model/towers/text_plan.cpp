// Shapes from the geometry, and the one rule of pooling that differs between old and new configurations.
#include "actors/device/model/towers/text_plan.hpp"

#include <algorithm>

namespace trainyard {

std::vector<tensor_rule> tensors_of(const text_plan& plan) {
  const std::uint64_t width = plan.layer.width;
  const std::uint64_t dim = plan.dim;
  rule_list rules;
  rules.add(plan.token_embedding, {plan.vocabulary, width});
  rules.add(plan.positions, {plan.context, width});
  for (const auto& block : plan.blocks)
    rules.add(block, plan.layer);
  rules.add_norm(plan.norm_last, width);
  if (plan.projection_is_transposed)
    rules.add(plan.projection.weight, {width, dim});
  else
    rules.add(plan.projection, dim, width);
  return rules.take();
}

std::optional<std::size_t> pooled_token(const text_plan& plan, std::span<const std::int64_t> ids) {
  if (plan.pooling == text_pooling::last_token)
    return ids.size() - 1;
  const auto found = plan.pooling == text_pooling::highest_id ? std::ranges::max_element(ids)
                                                              : std::ranges::find(ids, plan.end_token);
  if (found == ids.end())
    return std::nullopt;
  return static_cast<std::size_t>(found - ids.begin());
}

} // namespace trainyard
