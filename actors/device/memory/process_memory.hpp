// The process's own memory as the system counts it, and how the C heap treats what is freed.
#pragma once

#include <cstdint>

namespace trainyard {

/// Resident bytes (Linux) or physical footprint (macOS); 0 when the system does not say.
[[nodiscard]] std::uint64_t process_footprint_bytes() noexcept;
/// Highest footprint since the start or the last reset; 0 when the system does not keep one.
[[nodiscard]] std::uint64_t process_peak_bytes() noexcept;
/// False where the system cannot forget its peak.
bool reset_process_peak() noexcept;
/// RAM of the machine, or the control group's limit where that is lower.
[[nodiscard]] std::uint64_t usable_ram_bytes() noexcept;

/// Call once at process start, before other threads run: the heap keeps what is freed for the next
/// micro-batch instead of returning it page by page (1.45x on a convolutional network). trim_heap() gives it
/// back.
void keep_freed_memory() noexcept;
/// Returns free heap pages to the system; false where the C library cannot.
bool trim_heap() noexcept;

} // namespace trainyard
