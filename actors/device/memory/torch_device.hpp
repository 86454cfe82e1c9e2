// The bridge from our device names to LibTorch's; for .cpp files of this room and of the model room.
#pragma once

#include "actors/device/memory/device_spec.hpp"

namespace c10 {
struct Device;
}

namespace trainyard {

/// Throws c10::Error for a kind that LibTorch does not know.
[[nodiscard]] c10::Device to_torch(const device_spec& device);

} // namespace trainyard
