// "cuda" + 1 -> c10::Device: LibTorch parses the kind itself, so that a renamed private backend works too.
#include "actors/device/memory/torch_device.hpp"

#include <c10/core/Device.h>

namespace trainyard {

c10::Device to_torch(const device_spec& device) {
  if (device.is_cpu())
    return c10::Device(c10::DeviceType::CPU);
  return c10::Device(c10::Device(device.kind).type(), device.index);
}

} // namespace trainyard
