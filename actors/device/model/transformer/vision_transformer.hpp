// A whole vision tower: patches, layers, and the one feature that stands for the image.
#pragma once

#include <memory>

#include "actors/device/model/network.hpp"
#include "actors/device/model/towers/tower_plan.hpp"
#include "actors/device/model/weight_map.hpp"

namespace trainyard {

class vision_transformer final : public network {
public:
  /// Throws what LibTorch throws when the device has no room or the precision no kernel.
  vision_transformer(const tower_plan& plan, const weight_map& weights, const network_placement& placement);

  [[nodiscard]] at::Tensor upload(std::span<const prepared_image> images, std::size_t rows) const override;
  [[nodiscard]] at::Tensor features(const at::Tensor& patches) const override;
  [[nodiscard]] bool fused() const noexcept override { return fused_; }

private:
  struct layers;
  bool fused_ = false;
  std::shared_ptr<const layers> layers_;
};

} // namespace trainyard
