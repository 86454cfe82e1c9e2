// LibTorch's per-type allocator interface, and the few places where MPS and the CPU are not behind it.
#include "actors/device/memory/device_memory.hpp"

#include <algorithm>
#include <utility>

#include <ATen/Context.h>
#include <ATen/detail/MPSHooksInterface.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include "actors/device/memory/exception_text.hpp"
#include "actors/device/memory/process_memory.hpp"
#include "actors/device/memory/torch_device.hpp"

namespace trainyard {
namespace {

/// Null for the CPU, for an allocator that is not of the caching kind, and before its first use.
c10::DeviceAllocator* allocator_of(const c10::Device& device) {
  if (device.is_cpu())
    return nullptr;
  auto* found = dynamic_cast<c10::DeviceAllocator*>(c10::GetAllocator(device.type()));
  return found != nullptr && found->initialized() ? found : nullptr;
}

std::uint64_t unsigned_bytes(std::int64_t bytes) {
  return bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0;
}

/// Others may hold part of a board: what we can have is what we hold and what is free, within our fraction.
std::uint64_t limit_of(const device_spec& spec, double fraction, std::uint64_t reserved) {
  const auto share = [&](std::uint64_t bytes) {
    return static_cast<std::uint64_t>(fraction * static_cast<double>(bytes));
  };
  if (spec.is_cpu())
    return share(usable_ram_bytes());
  const auto device = to_torch(spec);
  if (device.is_mps())
    return share(at::detail::getMPSHooks().getRecommendedMaxMemory());
  auto* const allocator = allocator_of(device);
  if (allocator == nullptr)
    return 0;
  const auto [free, total] = allocator->getMemoryInfo(device.index());
  return std::min<std::uint64_t>(share(total), free + reserved);
}

template <class Action>
result<void> on_device(const device_spec& device, const char* what, Action&& action) {
  try {
    action();
    return {};
  } catch (const std::exception& error) {
    return fail(failure_kind::device_lost, device.id + " could not " + what + ": " + first_line(error),
                "see the driver's log; the worker starts the device again");
  }
}

} // namespace

device_memory::device_memory(device_spec device, double fraction)
    : device_(std::move(device)), fraction_(fraction) {}

memory_reading device_memory::read_accelerator() const {
  const auto device = to_torch(device_);
  memory_reading now;
  if (auto* const allocator = allocator_of(device)) {
    const auto stats = allocator->getDeviceStats(device.index());
    now.in_use_bytes = unsigned_bytes(stats.allocated_bytes[0].current);
    now.reserved_bytes = unsigned_bytes(stats.reserved_bytes[0].current);
    now.peak_bytes = unsigned_bytes(stats.reserved_bytes[0].peak);
  }
  if (device.is_mps()) {
    const auto& hooks = at::detail::getMPSHooks();
    now.in_use_bytes = hooks.getCurrentAllocatedMemory();
    now.reserved_bytes = hooks.getDriverAllocatedMemory();
  }
  return now;
}

memory_reading device_memory::read() {
  memory_reading now;
  try {
    if (device_.is_cpu()) {
      const auto footprint = process_footprint_bytes();
      now = {0, footprint, footprint, peak_is_kept_ ? process_peak_bytes() : 0};
    } else {
      now = read_accelerator();
    }
    add_limit(now);
  } catch (const std::exception&) {
    now = {}; // a device that cannot be asked reads 0; the next forward pass reports why
  }
  observed_peak_bytes_ = std::max(observed_peak_bytes_, now.held_bytes());
  now.peak_bytes = std::max(now.peak_bytes, observed_peak_bytes_);
  return now;
}

void device_memory::add_limit(memory_reading& now) {
  const auto time = std::chrono::steady_clock::now();
  if (limit_bytes_ == 0 || time - limit_read_ >= std::chrono::seconds(1)) {
    limit_bytes_ = limit_of(device_, fraction_, now.reserved_bytes);
    limit_read_ = time;
  }
  now.limit_bytes = limit_bytes_;
}

result<void> device_memory::synchronize() {
  if (device_.is_cpu())
    return {};
  return on_device(device_, "synchronise", [&] {
    const auto device = to_torch(device_);
    c10::impl::VirtualGuardImpl(device.type()).synchronizeDevice(device.index());
  });
}

result<void> device_memory::collect_between_passes() {
  if (device_.is_cpu() && !trims_.is_worth_it(process_footprint_bytes()))
    return {};
  return collect();
}

result<void> device_memory::collect() {
  if (device_.is_cpu()) {
    trim_heap();
    trims_.trimmed_to(process_footprint_bytes());
    return {};
  }
  if (auto done = synchronize(); !done)
    return done;
  return on_device(device_, "empty its cache", [&] {
    const auto device = to_torch(device_);
    if (device.is_mps())
      at::detail::getMPSHooks().emptyCache();
    else if (auto* allocator = allocator_of(device))
      allocator->emptyCache();
  });
}

void device_memory::reset_peak() noexcept {
  observed_peak_bytes_ = 0;
  if (device_.is_cpu()) {
    peak_is_kept_ = reset_process_peak();
    return;
  }
  try {
    const auto device = to_torch(device_);
    if (auto* allocator = allocator_of(device))
      allocator->resetPeakStats(device.index());
  } catch (const std::exception&) {
    return; // the peak then includes what came before: too high, never too low
  }
}

} // namespace trainyard
