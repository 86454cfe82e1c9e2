// How LibTorch's allocators are told to behave, before the first tensor lives on a device.
#pragma once

#include <string>

#include "messages/failure.hpp"

namespace trainyard {

struct allocator_settings {
  double memory_fraction = 0.9;    ///< most of a device's memory that this process takes, of (0, 1]
  bool expandable_segments = true; ///< CUDA: segments that grow, against fragmentation
  double collection_threshold =
      0.8; ///< CUDA: of its fraction, from where it frees old blocks by itself; 0: never
};

/// Once per process, on its first thread, before any other use of LibTorch. On CUDA through the allocator's
/// settings, on MPS through both watermarks, of the recommended working set: its own defaults, 1.7 and 1.4,
/// let a Mac swap instead of failing. What the user has set in PYTORCH_ALLOC_CONF, PYTORCH_CUDA_ALLOC_CONF or
/// PYTORCH_MPS_*_RATIO is left as it is. On other devices nothing holds an allocator to the fraction; there
/// it only scales the limit that marks refer to. Returns what was set, for the log; config_invalid when
/// LibTorch refuses it.
[[nodiscard]] result<std::string> apply(const allocator_settings& settings);

/// `given`, in the form of PYTORCH_ALLOC_CONF ("expandable_segments:True,..."), and of `settings` what it
/// does not say. Pure.
[[nodiscard]] std::string allocator_text(const allocator_settings& settings, const std::string& given = {});

} // namespace trainyard
