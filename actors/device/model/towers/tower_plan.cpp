// Shapes follow from the geometry alone, so that a file of another size is refused by the first tensor's
// name.
#include "actors/device/model/towers/tower_plan.hpp"

namespace trainyard {
namespace {

using shape = std::vector<std::uint64_t>;

void add(rule_list& rules, const pooling_names& head, const tower_plan& plan) {
  const std::uint64_t width = plan.width;
  rules.add(head.probe);
  rules.add(head.attention_in, 3 * width, width);
  rules.add(head.attention_out, width, width);
  rules.add_norm(head.norm, width);
  rules.add(head.mlp_in, plan.mlp_width, width);
  rules.add(head.mlp_out, width, plan.mlp_width);
}

} // namespace

std::uint32_t tower_plan::tokens(const image_spec& spec) const noexcept {
  const auto patches = spec.crop / patch;
  const auto first = class_token.name.empty() ? 0U : 1U;
  return first + (registers.name.empty() ? 0U : static_cast<std::uint32_t>(registers.shape.at(1))) +
         patches * patches;
}

std::vector<tensor_rule> tensors_of(const tower_plan& plan) {
  rule_list rules;
  rules.add(plan.class_token);
  rules.add(plan.positions);
  rules.add(plan.registers);
  rules.add(plan.patch_embedding.weight, {plan.width, 3, plan.patch, plan.patch});
  rules.add(plan.patch_embedding.bias, {plan.width}, true);
  rules.add_norm(plan.norm_first, plan.width);
  for (const auto& block : plan.blocks)
    rules.add(block, plan.layer());
  rules.add_norm(plan.norm_last, plan.width);
  if (plan.pooling)
    add(rules, *plan.pooling, plan);
  rules.add(plan.projection,
            plan.projection_is_transposed ? shape{plan.width, plan.dim} : shape{plan.dim, plan.width});
  return rules.take();
}

} // namespace trainyard
