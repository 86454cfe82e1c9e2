// A make-believe accelerator for tests: LibTorch computes on it, its memory is small, and it fails when told
// to.
#pragma once

#include <cstdint>
#include <vector>

namespace trainyard::testing {

/// How the device says that it has no memory.
enum class shortage_shape {
  typed,      ///< c10::OutOfMemoryError, as CUDA and XPU do
  mps_text,   ///< plain c10::Error "MPS backend out of memory (...)"
  driver_text ///< plain c10::Error "CUDA error: out of memory", as libraries beside the allocator do
};

enum class device_fault {
  none,
  nan,   ///< results that reach the host are not numbers
  wrong, ///< results that reach the host are of the right size and wrong
  lost,  ///< every allocation, copy and synchronisation fails, and not for want of memory
  deadly ///< a picture that is magenta all over ends the process, as a driver's bug would
};

struct simulated_settings {
  std::uint64_t cap_bytes = 1ULL << 30; ///< of live, cached and retained memory together
  /// Freed blocks stay pinned until the device is synchronised or its cache emptied: what is queued on a
  /// device keeps its buffers, which is how an Apple GPU ran out of memory with most of it unused.
  bool retains = false;
  shortage_shape shape = shortage_shape::typed;
  std::uint64_t fail_every = 0; ///< every n-th allocation fails; 0: none
  device_fault fault = device_fault::none;
};

struct simulated_counts {
  std::uint64_t live_bytes = 0;
  std::uint64_t retained_bytes = 0;
  std::uint64_t reserved_bytes = 0; ///< live, retained and cached
  std::uint64_t peak_reserved_bytes = 0;
  std::uint64_t allocations = 0; ///< asked for, whether granted or not
  std::uint64_t refusals = 0;    ///< for want of memory, and injected ones
  std::uint64_t collections = 0; ///< times that the cache was emptied from outside
  std::uint64_t synchronizations = 0;
};

/// Makes "simdev:0" to "simdev:N-1" known to LibTorch, once per process and before it looks for devices.
/// There is no way back, and a process has room for one such backend.
void install_simulated_devices(const std::vector<simulated_settings>& devices);

/// Any thread, at any time after installation.
void configure_simulated_device(int device, const simulated_settings& settings);
/// The n-th allocation from now on fails, once.
void fail_one_allocation(int device, std::uint64_t nth);
[[nodiscard]] simulated_counts counts_of_simulated_device(int device);
/// Peak := now, and counters := 0.
void reset_simulated_counts(int device);

} // namespace trainyard::testing
