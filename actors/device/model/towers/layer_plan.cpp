// A layer's tensors and their shapes.
#include "actors/device/model/towers/layer_plan.hpp"

namespace trainyard {

void rule_list::add(const std::string& name, std::vector<std::uint64_t> shape, bool may_be_zero) {
  if (!name.empty())
    rules_.push_back({name, std::move(shape), may_be_zero});
}

void rule_list::add(const affine_names& names, std::uint64_t out, std::uint64_t in) {
  add(names.weight, {out, in});
  add(names.bias, {out}, true);
}

void rule_list::add_norm(const affine_names& names, std::uint64_t width) {
  add(names.weight, {width});
  add(names.bias, {width}, true);
}

void rule_list::add(const block_names& block, const layer_geometry& layer) {
  const std::uint64_t width = layer.width;
  const std::uint64_t mlp = layer.mlp_width;
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

} // namespace trainyard
