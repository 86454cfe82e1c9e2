// Shapes follow from the geometry alone, so that a file of another size is refused by the first tensor's
// name.
#include "actors/device/model/towers/tower_plan.hpp"

namespace trainyard {
namespace {

using shape = std::vector<std::uint64_t>;

class rule_list {
public:
  void add(const std::string& name, shape sides, bool may_be_zero = false) {
    if (!name.empty())
      rules_.push_back({name, std::move(sides), may_be_zero});
  }
  void add(const tensor_rule& rule) {
    if (!rule.name.empty())
      rules_.push_back(rule);
  }
  void add(const affine_names& names, std::uint64_t out, std::uint64_t in) {
    add(names.weight, {out, in});
    add(names.bias, {out}, true);
  }
  void add_norm(const affine_names& names, std::uint64_t width) {
    add(names.weight, {width});
    add(names.bias, {width}, true);
  }
  void add(const block_names& block, const tower_plan& plan) {
    const std::uint64_t width = plan.width;
    const std::uint64_t mlp = plan.mlp_width;
    add_norm(block.norm_before_attention, width);
    for (const auto& part : block.attention_in)
      add(part, 3 * width / block.attention_in.size(), width);
    add(block.attention_out, width, width);
    add(block.attention_scale, {width});
    add_norm(block.norm_before_mlp, width);
    add(block.mlp_in, mlp, width);
    add(block.mlp_out, width, mlp);
    add(block.mlp_scale, {width});
  }
  void add(const pooling_names& head, const tower_plan& plan) {
    const std::uint64_t width = plan.width;
    add(head.probe);
    add(head.attention_in, 3 * width, width);
    add(head.attention_out, width, width);
    add_norm(head.norm, width);
    add(head.mlp_in, plan.mlp_width, width);
    add(head.mlp_out, width, plan.mlp_width);
  }
  [[nodiscard]] std::vector<tensor_rule> take() { return std::move(rules_); }

private:
  std::vector<tensor_rule> rules_;
};

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
    rules.add(block, plan);
  rules.add_norm(plan.norm_last, plan.width);
  if (plan.pooling)
    rules.add(*plan.pooling, plan);
  rules.add(plan.projection,
            plan.projection_is_transposed ? shape{plan.width, plan.dim} : shape{plan.dim, plan.width});
  return rules.take();
}

} // namespace trainyard
