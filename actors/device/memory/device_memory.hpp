// One device's memory: read it, wait for its queue, give its cache back. The same calls on every kind of
// device.
#pragma once

#include "actors/device/memory/device_spec.hpp"
#include "actors/device/memory/memory_reading.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Used by the device's own thread. Holds no memory itself; cheap to make and to copy.
class device_memory {
public:
  explicit device_memory(device_spec device);

  [[nodiscard]] const device_spec& device() const noexcept { return device_; }
  /// Never fails: what is unknown reads 0. Does not wait for the device.
  [[nodiscard]] memory_reading read();
  /// Blocks until everything queued on the device is done. device_lost when the device reports an error.
  [[nodiscard]] result<void> synchronize();
  /// Synchronises, then hands every cached block back to the device (MPS: also the graph cache; CPU: heap to
  /// the system). Frees no live tensor. Tens of milliseconds: a policy decides when, not habit. Call it
  /// outside of any catch block, so that the failed pass's tensors are gone.
  [[nodiscard]] result<void> collect();
  void reset_peak() noexcept;
  /// Caps what the allocator may take at `fraction` (0 < fraction <= 1) of limit_bytes. Call it before the
  /// first tensor lives on the device. No effect on the CPU.
  [[nodiscard]] result<void> limit_to(double fraction);

private:
  [[nodiscard]] memory_reading read_accelerator() const;

  device_spec device_;
  std::uint64_t observed_peak_bytes_ = 0; ///< the highest reading, where the device keeps no peak of its own
  bool peak_is_kept_ = true;
};

} // namespace trainyard
