// One layer of a transformer: attention and MLP, each after a norm and added to what came in.
#pragma once

#include <cstdint>
#include <memory>

#include "actors/device/model/network.hpp"
#include "actors/device/model/towers/tower_plan.hpp"
#include "actors/device/model/weight_map.hpp"

namespace trainyard {

/// Immutable and shared by copies; any thread.
class transformer_block {
public:
  /// With `first_token_only` the queries, and so all that follows them, are those of each image's first
  /// token: what is left to compute in a last layer whose other tokens nobody reads.
  transformer_block(const tower_plan& plan, const block_names& names, const weight_map& weights,
                    const network_placement& placement, bool first_token_only);

  /// n x tokens x width to the same, or to n x 1 x width.
  [[nodiscard]] at::Tensor run(const at::Tensor& x) const;

private:
  struct state;
  std::shared_ptr<const state> state_;
};

} // namespace trainyard
