// What LibTorch must be told of a device before it has kernels: allocator, guard, hooks, name.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/detail/PrivateUse1HooksInterface.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <c10/util/Exception.h>

#include "tests/support/simulated_device/pools.hpp"

namespace trainyard::testing {
namespace {

constexpr auto type = c10::DeviceType::PrivateUse1;

struct owned_block {
  memory_pool* pool;
  void* block;
};

void free_block(void* context) {
  auto* owned = static_cast<owned_block*>(context);
  owned->pool->give_back(owned->block);
  delete owned;
}

class simulated_allocator final : public c10::DeviceAllocator {
public:
  c10::DataPtr allocate(std::size_t bytes) override {
    const auto device = current_simulated_device();
    const c10::Device here(type, static_cast<c10::DeviceIndex>(device));
    if (bytes == 0)
      return {nullptr, here};
    auto& pool = pool_of(device);
    const auto granted = pool.take(bytes);
    if (granted.why != refusal::none)
      throw_refusal(device, granted.why, bytes);
    return {granted.block, new owned_block{&pool, granted.block}, &free_block, here};
  }
  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }
  bool initialized() override { return true; }
  void emptyCache(c10::MempoolId_t) override {
    for (int device = 0; device < simulated_device_count(); ++device)
      pool_of(device).empty_cache();
  }
  void recordStream(const c10::DataPtr&, c10::Stream) override {}
  c10::CachingDeviceAllocator::DeviceStats getDeviceStats(c10::DeviceIndex device) override {
    const auto& pool = pool_of(device);
    const auto counts = pool.counts();
    c10::CachingDeviceAllocator::DeviceStats stats;
    stats.allocated_bytes[0].current = static_cast<std::int64_t>(counts.live_bytes);
    stats.allocated_bytes[0].peak = static_cast<std::int64_t>(pool.peak_live_bytes());
    stats.reserved_bytes[0].current = static_cast<std::int64_t>(counts.reserved_bytes);
    stats.reserved_bytes[0].peak = static_cast<std::int64_t>(counts.peak_reserved_bytes);
    stats.num_ooms = static_cast<std::int64_t>(counts.refusals);
    return stats;
  }
  void resetAccumulatedStats(c10::DeviceIndex device) override { pool_of(device).reset_counts(); }
  void resetPeakStats(c10::DeviceIndex device) override { pool_of(device).reset_peaks(); }
  std::pair<std::size_t, std::size_t> getMemoryInfo(c10::DeviceIndex device) override {
    const auto& pool = pool_of(device);
    const auto cap = pool.settings().cap_bytes;
    return {cap - std::min(cap, pool.counts().reserved_bytes), cap};
  }
};

/// Everything is done when a call returns, so there is one stream and nothing to wait for but what is
/// retained.
struct simulated_guard final : c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return testing::type; }
  c10::Device getDevice() const override {
    return {testing::type, static_cast<c10::DeviceIndex>(current_simulated_device())};
  }
  c10::Device exchangeDevice(c10::Device device) const override {
    const auto before = getDevice();
    setDevice(device);
    return before;
  }
  void setDevice(c10::Device device) const override {
    TORCH_CHECK(device.index() < simulated_device_count(), "no simulated device ", device);
    uncheckedSetDevice(device);
  }
  void uncheckedSetDevice(c10::Device device) const noexcept override {
    if (device.index() >= 0)
      set_current_simulated_device(device.index());
  }
  c10::Stream getStream(c10::Device device) const override {
    return c10::Stream(c10::Stream::DEFAULT, device);
  }
  c10::Stream getDefaultStream(c10::Device device) const override {
    return c10::Stream(c10::Stream::DEFAULT, device);
  }
  c10::Stream exchangeStream(c10::Stream stream) const override { return stream; }
  c10::DeviceIndex deviceCount() const noexcept override {
    return static_cast<c10::DeviceIndex>(simulated_device_count());
  }
  bool queryStream(const c10::Stream&) const override { return true; }
  void synchronizeStream(const c10::Stream& stream) const override {
    synchronizeDevice(stream.device_index());
  }
  void synchronizeDevice(const c10::DeviceIndex device) const override {
    if (pool_of(device).settings().fault == device_fault::lost)
      throw_refusal(device, refusal::lost, 0);
    pool_of(device).synchronize();
  }
};

struct simulated_hooks final : at::PrivateUse1HooksInterface {
  bool isBuilt() const override { return true; }
  bool isAvailable() const override { return simulated_device_count() > 0; }
  bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
  c10::DeviceIndex deviceCount() const override {
    return static_cast<c10::DeviceIndex>(simulated_device_count());
  }
  const at::Generator& getDefaultGenerator(c10::DeviceIndex) const override {
    return at::detail::getDefaultCPUGenerator();
  }
  void resizePrivateUse1Bytes(const c10::Storage& storage, std::size_t bytes) const override {
    auto fresh = storage.allocator()->allocate(bytes);
    const auto kept = std::min(bytes, storage.nbytes());
    if (kept > 0)
      std::memcpy(fresh.get(), storage.data(), kept);
    auto* raw = storage.unsafeGetStorageImpl();
    raw->set_data_ptr_noswap(std::move(fresh));
    raw->set_nbytes(bytes);
  }
};

} // namespace

void throw_refusal(int device, refusal why, std::uint64_t bytes) {
  TORCH_CHECK(why != refusal::lost, "simulated device ", device, " has fallen off the bus");
  const auto settings = pool_of(device).settings();
  const auto counts = pool_of(device).counts();
  const auto mib = [](std::uint64_t of) { return static_cast<double>(of) / (1 << 20); };
  switch (settings.shape) {
  case shortage_shape::mps_text:
    TORCH_CHECK(false, "MPS backend out of memory (MPS allocated: ", mib(counts.reserved_bytes),
                " MiB, other allocations: 0 bytes, max allowed: ", mib(settings.cap_bytes),
                " MiB). Tried to allocate ", mib(bytes), " MiB on private pool.");
  case shortage_shape::driver_text:
    TORCH_CHECK(false, "CUDA error: out of memory");
  default:
    TORCH_CHECK_WITH(OutOfMemoryError, false, "simulated device ", device, " has no ", mib(bytes),
                     " MiB left of ", mib(settings.cap_bytes), " MiB: ", mib(counts.live_bytes),
                     " MiB live, ", mib(counts.retained_bytes), " MiB retained");
  }
  throw std::logic_error("a refusal without an error");
}

void register_backend() {
  static auto* const allocator = new simulated_allocator; // outlives static tensors
  static auto* const hooks = new simulated_hooks;
  c10::register_privateuse1_backend(simulated_kind);
  c10::SetAllocator(type, allocator);
  static const c10::impl::DeviceGuardImplRegistrar guard(type, new simulated_guard);
  at::RegisterPrivateUse1HooksInterface(hooks);
}

} // namespace trainyard::testing
