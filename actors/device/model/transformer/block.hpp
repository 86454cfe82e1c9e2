// One layer of a transformer: attention and MLP, each after a norm and added to what came in.
#pragma once

#include <cstdint>
#include <memory>

#include "actors/device/model/network.hpp"
#include "actors/device/model/towers/layer_plan.hpp"
#include "actors/device/model/weight_map.hpp"

namespace trainyard {

struct block_use {
  std::int64_t tokens = 1; ///< of one image or text, usually
  /// The queries, and so all that follows them, are those of each first token: what is left to compute in a
  /// last layer whose other tokens nobody reads.
  bool first_token_only = false;
  bool causal = false; ///< a token sees none that follows it; not with first_token_only
};

/// Immutable and shared by copies; any thread.
class transformer_block {
public:
  transformer_block(const layer_geometry& layer, const block_names& names, const weight_map& weights,
                    const network_placement& placement, const block_use& use);

  /// n x tokens x width to the same, or to n x 1 x width.
  [[nodiscard]] at::Tensor run(const at::Tensor& x) const;

private:
  struct state;
  std::shared_ptr<const state> state_;
};

} // namespace trainyard
