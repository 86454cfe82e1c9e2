// Installation, and the switches that tests turn.
#include "tests/support/simulated_device/simulated_device.hpp"

#include <memory>

#include "tests/support/simulated_device/pools.hpp"

namespace trainyard::testing {
namespace {

using pool_list = std::vector<std::unique_ptr<memory_pool>>;

pool_list& pools() {
  static auto* all = new pool_list; // never destroyed: see pools.hpp
  return *all;
}

thread_local int current_device = 0;

} // namespace

int simulated_device_count() noexcept {
  return static_cast<int>(pools().size());
}

memory_pool& pool_of(int device) {
  return *pools().at(static_cast<std::size_t>(device));
}

int current_simulated_device() noexcept {
  return current_device;
}

void set_current_simulated_device(int device) noexcept {
  current_device = device;
}

void install_simulated_devices(const std::vector<simulated_settings>& devices) {
  for (const auto& settings : devices)
    pools().emplace_back(std::make_unique<memory_pool>())->configure(settings);
  register_backend();
}

void configure_simulated_device(int device, const simulated_settings& settings) {
  pool_of(device).configure(settings);
}

void fail_one_allocation(int device, std::uint64_t nth) {
  pool_of(device).fail_one_allocation(nth);
}

simulated_counts counts_of_simulated_device(int device) {
  return pool_of(device).counts();
}

void reset_simulated_counts(int device) {
  pool_of(device).reset_counts();
}

} // namespace trainyard::testing
