// What "auto" means on each kind of device for the two numbers that decide its memory.
#pragma once

#include <cstdint>
#include <string_view>

namespace trainyard {

struct device_defaults {
  std::int64_t gpu_batch_size = 16;              ///< images per forward pass
  std::int64_t gpu_memory_cleanup_interval = 50; ///< images between periodic collections
};

/// `kind` is "cpu", "cuda", "mps" or another name of LibTorch; an index ("cuda:1") is ignored. Unknown kinds
/// get the CUDA numbers, which are also the defaults of the older service.
[[nodiscard]] device_defaults device_defaults_of(std::string_view kind) noexcept;

} // namespace trainyard
