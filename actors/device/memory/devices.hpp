// Which devices this machine has, and what --device selects of them.
#pragma once

#include <string_view>
#include <vector>

#include "actors/device/memory/device_spec.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Every accelerator that LibTorch can reach here, then the CPU, which is always there. Any thread.
[[nodiscard]] std::vector<device_spec> all_devices();

/// `selection`: "auto" (every accelerator, else the CPU), or a comma-separated list of "cpu", "mps", "cuda"
/// (all of that kind), "cuda:1". In the order asked for, each device once; device_unavailable names what
/// exists.
[[nodiscard]] result<std::vector<device_spec>> enumerate_devices(std::string_view selection);

} // namespace trainyard
