// The two products of a layer with the activation between them.
#pragma once

#include "actors/device/model/towers/layer_plan.hpp"
#include "actors/device/model/transformer/linear.hpp"
#include "actors/device/model/transformer/tower_weights.hpp"

namespace trainyard {

/// Immutable and shared by copies; any thread.
class mlp {
public:
  mlp(const affine& in, const affine& out, activation act, const network_placement& placement,
      std::int64_t usual_rows);
  /// rows x width, added to `sum`.
  [[nodiscard]] at::Tensor run_onto(const at::Tensor& sum, const at::Tensor& x) const;

private:
  linear in_;
  linear out_;
};

} // namespace trainyard
