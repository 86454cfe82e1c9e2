// SigLIP's attention pooling: one learned query gathers the tokens of an image into its feature.
#pragma once

#include <memory>

#include "actors/device/model/network.hpp"
#include "actors/device/model/towers/tower_plan.hpp"
#include "actors/device/model/weight_map.hpp"

namespace trainyard {

/// Immutable and shared by copies; any thread.
class pooling_head {
public:
  pooling_head(const tower_plan& plan, const weight_map& weights, const network_placement& placement);
  /// n x tokens x width to n x width.
  [[nodiscard]] at::Tensor run(const at::Tensor& tokens) const;

private:
  struct state;
  std::shared_ptr<const state> state_;
};

} // namespace trainyard
