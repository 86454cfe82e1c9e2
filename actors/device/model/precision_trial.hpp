// What each precision costs and gives on a CPU: cosines to the golden vectors, and images a second.
// Torch-free.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "actors/device/memory/device_spec.hpp"
#include "actors/device/model/golden_set.hpp"
#include "actors/device/model/load_model.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct precision_outcome {
  std::string precision;
  double least_cosine = 0; ///< over the golden images
  double images_per_second = 0;
};

/// Loads the model in fp32 and in bf16 as a device would, and lets them take turns for about half a second
/// each, so that both meet the same machine. fp32 comes first. `options.precision` is not looked at. Blocks
/// for seconds where the model is large; fails as load_device_model() and embed() do.
[[nodiscard]] result<std::vector<precision_outcome>> try_precisions(const std::filesystem::path& folder,
                                                                    const device_spec& device,
                                                                    const golden_set& golden,
                                                                    const load_options& options);

/// The fastest that stays within the space: bf16 must be a tenth faster than fp32, below which it gives
/// accuracy away for noise, and each of its golden images within cosine 0.999.
[[nodiscard]] std::string chosen_precision(const std::vector<precision_outcome>& outcomes);

} // namespace trainyard
