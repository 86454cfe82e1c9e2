// From a model folder (configuration and weights) to a network on a device. Torch-free.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "actors/device/memory/device_spec.hpp"
#include "actors/device/model/embedding_model.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct load_options {
  std::string precision =
      "auto"; ///< "auto" (fp32: bf16 costs fidelity on this network), "fp32", "bf16", "fp16"
  std::uint32_t max_micro_batch = 16; ///< most images that one embed() takes
  int cpu_threads = 1;                ///< of a forward pass on the CPU, per model
  bool fused = true;                  ///< false: plain kernels only, which the fused ones are measured by
};

/// Blocks for a file read and an upload (tens of milliseconds); may be called on any thread, whose torch
/// threads it sets to 1. model_missing or model_invalid for the folder, device_unavailable or
/// device_out_of_memory for the device.
[[nodiscard]] result<std::unique_ptr<embedding_model>>
load_model(const std::filesystem::path& folder, const device_spec& device, const load_options& options = {});

/// `lanes` models that share one copy of the weights, each for a thread of its own (a CPU device is N lanes).
[[nodiscard]] result<std::vector<std::unique_ptr<embedding_model>>>
load_lanes(const std::filesystem::path& folder, const device_spec& device, const load_options& options,
           std::size_t lanes);

/// What the folder holds, without putting weights on a device: name is the folder's, precision the default.
/// Reads the whole weights file once, for its hash.
[[nodiscard]] result<model_identity> describe_model(const std::filesystem::path& folder);

} // namespace trainyard
