// EfficientNet-Lite0 as plain functions over its weights: no modules, no scripts, nothing to unpickle.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "actors/device/memory/device_spec.hpp"
#include "actors/device/model/pixel_batch.hpp"
#include "actors/device/model/weight_map.hpp"

namespace trainyard {

struct network_placement {
  device_spec device{};
  std::string precision = "fp32"; ///< resolved: "fp32", "bf16" or "fp16"
  image_spec image{};
  std::uint32_t images_per_pass = 4; ///< the shape that kernels are tuned for
  bool fused = true;                 ///< try the fused kernels where there are any
};

/// Immutable: lanes share one, each calling from its own thread inside an InferenceMode of its own.
class efficientnet_lite0 {
public:
  static constexpr std::uint32_t dim = 1280;
  static constexpr std::uint32_t classes = 1000;

  /// Every tensor that the architecture has, in its order.
  [[nodiscard]] static std::vector<tensor_rule> tensors();
  /// Throws what LibTorch throws when the device has no room or the precision no kernel.
  efficientnet_lite0(const weight_map& weights, const network_placement& placement);

  [[nodiscard]] const pixel_batch& input() const noexcept { return input_; }
  /// n x 1280 in fp32 on the device: global average of the head's features, not yet normalised.
  [[nodiscard]] at::Tensor features(const at::Tensor& pixels) const;
  /// n x 1000 logits of features().
  [[nodiscard]] at::Tensor classify(const at::Tensor& features) const;
  /// Whether the fused kernels are in use; they are not when they are absent or disagreed with the plain
  /// ones.
  [[nodiscard]] bool fused() const noexcept { return fused_; }

private:
  struct layers;
  [[nodiscard]] bool use_fused(const weight_map& weights, const network_placement& placement);

  pixel_batch input_;
  bool fused_ = false;
  std::shared_ptr<const layers> layers_;
};

} // namespace trainyard
