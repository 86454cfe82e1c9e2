// Every network that trainyard can run, by name: what it wants of a weights file, and how it is made.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "actors/device/model/model_config.hpp"
#include "actors/device/model/network.hpp"
#include "actors/device/model/weight_map.hpp"

namespace trainyard {

struct architecture {
  std::string_view name; ///< model_config::architecture
  /// Every tensor that it computes with, in its own order.
  std::vector<tensor_rule> (*tensors)(const model_config& config);
  /// Throws what LibTorch throws when the device has no room or the precision no kernel.
  std::shared_ptr<const network> (*make)(const model_config& config, const weight_map& weights,
                                         const network_placement& placement);
  /// How many images a pass takes on a CPU: more outgrow its caches, fewer leave its kernels small.
  std::uint32_t cpu_images_per_pass;
};

[[nodiscard]] std::span<const architecture> architectures();
/// model_invalid with the names that are known.
[[nodiscard]] result<const architecture*> find_architecture(std::string_view name);

} // namespace trainyard
