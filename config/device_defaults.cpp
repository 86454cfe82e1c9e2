// Recommended numbers per device kind.
#include "config/device_defaults.hpp"

namespace trainyard {

device_defaults device_defaults_of(std::string_view kind) noexcept {
  const auto family = kind.substr(0, kind.find(':'));
  if (family == "mps")
    return {.gpu_batch_size = 8, .gpu_memory_cleanup_interval = 30};
  if (family == "cpu")
    return {.gpu_batch_size = 32, .gpu_memory_cleanup_interval = 50};
  return {};
}

} // namespace trainyard
