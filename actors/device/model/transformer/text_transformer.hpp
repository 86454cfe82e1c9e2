// A whole text tower: tokens, layers, and the one feature that stands for the text.
#pragma once

#include <memory>
#include <span>

#include "actors/device/model/network.hpp"
#include "actors/device/model/towers/text_plan.hpp"
#include "actors/device/model/weight_map.hpp"

namespace trainyard {

/// Immutable and shared by copies; any thread, inside an InferenceMode of its own.
class text_transformer {
public:
  text_transformer(const text_plan& plan, const weight_map& weights, const network_placement& placement);

  /// dim numbers in fp32 on the device, of the last token and not yet normalised. REQUIRES: 1 to
  /// plan.context ids below plan.vocabulary.
  [[nodiscard]] at::Tensor feature(std::span<const std::int64_t> ids) const;

private:
  struct layers;
  std::shared_ptr<const layers> layers_;
};

} // namespace trainyard
