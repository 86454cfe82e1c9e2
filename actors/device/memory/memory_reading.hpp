// What a device's allocator says about itself at one moment.
#pragma once

#include <algorithm>
#include <cstdint>

namespace trainyard {

/// Bytes; 0 where the device cannot say.
struct memory_reading {
  std::uint64_t limit_bytes = 0;    ///< what we may use at most: driver's total, recommended working set, RAM
  std::uint64_t in_use_bytes = 0;   ///< live tensors; on the CPU the process's footprint
  std::uint64_t reserved_bytes = 0; ///< taken from the device, live or cached; on the CPU the footprint again
  std::uint64_t peak_bytes = 0;     ///< highest held_bytes() since reset_peak()
  /// What the device cannot give to anybody else.
  [[nodiscard]] std::uint64_t held_bytes() const noexcept { return std::max(in_use_bytes, reserved_bytes); }
  bool operator==(const memory_reading&) const = default;
};

} // namespace trainyard
