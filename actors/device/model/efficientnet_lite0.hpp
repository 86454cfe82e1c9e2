// EfficientNet-Lite0 as plain functions over its weights: no modules, no scripts, nothing to unpickle.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "actors/device/model/network.hpp"
#include "actors/device/model/pixel_batch.hpp"
#include "actors/device/model/weight_map.hpp"

namespace trainyard {

class efficientnet_lite0 final : public network {
public:
  static constexpr std::uint32_t dim = 1280;
  static constexpr std::uint32_t classes = 1000;

  /// Every tensor that the architecture has, in its order.
  [[nodiscard]] static std::vector<tensor_rule> tensors();
  /// Throws what LibTorch throws when the device has no room or the precision no kernel.
  efficientnet_lite0(const weight_map& weights, const network_placement& placement);

  [[nodiscard]] const pixel_batch& input() const noexcept { return input_; }
  /// n x 3 x side x side, with the padding of the first layer.
  [[nodiscard]] at::Tensor upload(std::span<const prepared_image> images, std::size_t rows) const override;
  /// n x 1280: global average of the head's features.
  [[nodiscard]] at::Tensor features(const at::Tensor& pixels) const override;
  /// n x 1000 logits of features().
  [[nodiscard]] at::Tensor classify(const at::Tensor& features) const;
  [[nodiscard]] bool fused() const noexcept override { return fused_; }

private:
  struct layers;
  [[nodiscard]] bool use_fused(const weight_map& weights, const network_placement& placement);

  pixel_batch input_;
  bool fused_ = false;
  std::shared_ptr<const layers> layers_;
};

} // namespace trainyard
