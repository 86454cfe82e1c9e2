// From decoded images to tokens: patches are cut as bytes, and normalising is part of their product.
#pragma once

#include <memory>
#include <span>

#include "actors/device/model/network.hpp"
#include "actors/device/model/towers/tower_plan.hpp"
#include "actors/device/model/weight_map.hpp"

namespace trainyard {

/// Immutable and shared by copies; any thread.
class patch_embedding {
public:
  patch_embedding(const tower_plan& plan, const weight_map& weights, const network_placement& placement);

  /// (rows * patches) x (patch * patch * 3) on the device, in its precision: 0 to 255 each, or 0 to 1 in
  /// fp16.
  [[nodiscard]] at::Tensor upload(std::span<const prepared_image> images, std::size_t rows) const;
  /// rows x tokens x width, positions added: class token, registers, patches row by row.
  [[nodiscard]] at::Tensor run(const at::Tensor& patches) const;

private:
  struct state;
  std::shared_ptr<const state> state_;
};

} // namespace trainyard
