// A plan's weights ready to be placed: scales folded in, parts joined. For .cpp files that include LibTorch.
#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "actors/device/model/network.hpp"
#include "actors/device/model/towers/layer_plan.hpp"
#include "actors/device/model/weight_map.hpp"

namespace trainyard {

struct affine {
  at::Tensor weight; ///< out x in, fp32
  at::Tensor bias;   ///< out, or undefined
};

[[nodiscard]] affine affine_of(const weight_map& weights, const affine_names& names);
/// One on top of the other; biases that are missing are zero where another has one.
[[nodiscard]] affine joined(const std::vector<affine>& parts);
/// Rows `first` to `first + count` of the output.
[[nodiscard]] affine rows_of(const affine& whole, std::int64_t first, std::int64_t count);
/// The output times `factor`, a number or one per channel, in double precision.
[[nodiscard]] affine scaled(const affine& of, const at::Tensor& factor);

/// Weight and bias of a layer norm on the device; run() with the plan's epsilon over the last dimension.
class layer_norm {
public:
  layer_norm(const weight_map& weights, const affine_names& names, double epsilon,
             const network_placement& placement);
  [[nodiscard]] at::Tensor run(const at::Tensor& x) const;

private:
  at::Tensor weight_;
  at::Tensor bias_;
  double epsilon_;
};

[[nodiscard]] at::Tensor placed(const at::Tensor& x, const network_placement& placement);

} // namespace trainyard
