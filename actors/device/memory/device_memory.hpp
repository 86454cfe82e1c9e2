// One device's memory: read it, wait for its queue, give its cache back. The same calls on every kind of
// device.
#pragma once

#include <chrono>

#include "actors/device/memory/device_spec.hpp"
#include "actors/device/memory/memory_reading.hpp"
#include "actors/device/memory/trim_policy.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Used by the device's own thread. Holds no memory itself; cheap to make and to copy.
class device_memory {
public:
  /// `fraction` of what the device has is ours (allocator_settings.hpp holds the allocators to it): it scales
  /// limit_bytes.
  explicit device_memory(device_spec device, double fraction = 1.0);

  [[nodiscard]] const device_spec& device() const noexcept { return device_; }
  /// Never fails: what is unknown reads 0. Does not wait for the device. limit_bytes is up to a second old,
  /// because asking a driver for it takes longer than all the rest.
  [[nodiscard]] memory_reading read();
  /// Blocks until everything queued on the device is done. device_lost when the device reports an error.
  [[nodiscard]] result<void> synchronize();
  /// Synchronises, then hands every cached block back to the device (MPS: also the graph cache; CPU: heap to
  /// the system). Frees no live tensor. Tens of milliseconds: a policy decides when, not habit. Call it
  /// outside of any catch block, so that the failed pass's tensors are gone.
  [[nodiscard]] result<void> collect();
  /// The same between passes that go on: a CPU keeps the heap pages that the next pass will need again.
  [[nodiscard]] result<void> collect_between_passes();
  void reset_peak() noexcept;

private:
  [[nodiscard]] memory_reading read_accelerator() const;
  void add_limit(memory_reading& now);

  device_spec device_;
  double fraction_;
  std::uint64_t limit_bytes_ = 0;
  std::chrono::steady_clock::time_point limit_read_{};
  std::uint64_t observed_peak_bytes_ = 0; ///< the highest reading, where the device keeps no peak of its own
  bool peak_is_kept_ = true;
  trim_policy trims_; ///< of the CPU's heap
};

} // namespace trainyard
