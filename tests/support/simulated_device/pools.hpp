// The pools of all simulated devices, and which device the calling thread is on.
#pragma once

#include <cstdint>

#include "tests/support/simulated_device/memory_pool.hpp"

namespace trainyard::testing {

inline constexpr const char* simulated_kind = "simdev";

[[nodiscard]] int simulated_device_count() noexcept;
/// Lives until the process ends: static tensors may be freed later than anything else.
[[nodiscard]] memory_pool& pool_of(int device);
[[nodiscard]] int current_simulated_device() noexcept;
void set_current_simulated_device(int device) noexcept;

/// Registers allocator, guard and hooks with LibTorch.
void register_backend();
/// Throws what the device is set to throw.
[[noreturn]] void throw_refusal(int device, refusal why, std::uint64_t bytes);

} // namespace trainyard::testing
