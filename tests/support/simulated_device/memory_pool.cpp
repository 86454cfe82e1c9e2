// Best fit among cached blocks, new blocks under the cap, refusals on order.
#include "tests/support/simulated_device/memory_pool.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace trainyard::testing {
namespace {

constexpr std::size_t granule_bytes = 512;

std::size_t rounded(std::size_t bytes) {
  return (bytes + granule_bytes - 1) / granule_bytes * granule_bytes;
}

} // namespace

memory_pool::~memory_pool() {
  for (const auto& [block, bytes] : live_)
    std::free(block);
  release_retained();
  free_cached();
}

void memory_pool::configure(const simulated_settings& settings) {
  const std::lock_guard lock(mutex_);
  settings_ = settings;
}

simulated_settings memory_pool::settings() const {
  const std::lock_guard lock(mutex_);
  return settings_;
}

void memory_pool::fail_one_allocation(std::uint64_t nth) {
  const std::lock_guard lock(mutex_);
  fail_at_ = allocations_ever_ + nth;
}

bool memory_pool::is_told_to_fail() {
  return allocations_ever_ == fail_at_ ||
         (settings_.fail_every > 0 && allocations_ever_ % settings_.fail_every == 0);
}

memory_pool::grant memory_pool::take(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (settings_.fault == device_fault::lost)
    return {nullptr, refusal::lost};
  ++allocations_ever_;
  ++counts_.allocations;
  const auto size = rounded(bytes);
  const auto refuse = [this] {
    ++counts_.refusals;
    return grant{nullptr, refusal::out_of_memory};
  };
  if (is_told_to_fail())
    return refuse();
  void* block = nullptr;
  auto fits = cached_.lower_bound(size);
  if (fits != cached_.end() && fits->first <= size + size / 4) {
    block = fits->second;
    live_[block] = fits->first;
    cached_.erase(fits);
  } else {
    if (counts_.reserved_bytes + size > settings_.cap_bytes)
      free_cached();
    if (counts_.reserved_bytes + size > settings_.cap_bytes)
      return refuse();
    block = std::aligned_alloc(granule_bytes, size);
    if (block == nullptr)
      throw std::bad_alloc();
    live_[block] = size;
    counts_.reserved_bytes += size;
  }
  counts_.live_bytes += live_[block];
  peak_live_bytes_ = std::max(peak_live_bytes_, counts_.live_bytes);
  counts_.peak_reserved_bytes = std::max(counts_.peak_reserved_bytes, counts_.reserved_bytes);
  return {block, refusal::none};
}

void memory_pool::give_back(void* block) {
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(block);
  const auto size = found->second;
  live_.erase(found);
  counts_.live_bytes -= size;
  if (settings_.retains) {
    counts_.retained_bytes += size;
    retained_.emplace(size, block);
  } else {
    cached_.emplace(size, block);
  }
}

void memory_pool::synchronize() {
  const std::lock_guard lock(mutex_);
  ++counts_.synchronizations;
  release_retained();
}

void memory_pool::empty_cache() {
  const std::lock_guard lock(mutex_);
  ++counts_.collections;
  release_retained();
  free_cached();
}

void memory_pool::release_retained() {
  cached_.merge(retained_);
  counts_.retained_bytes = 0;
}

void memory_pool::free_cached() {
  for (const auto& [size, block] : cached_) {
    std::free(block);
    counts_.reserved_bytes -= size;
  }
  cached_.clear();
}

simulated_counts memory_pool::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

std::uint64_t memory_pool::peak_live_bytes() const {
  const std::lock_guard lock(mutex_);
  return peak_live_bytes_;
}

void memory_pool::reset_peaks() {
  const std::lock_guard lock(mutex_);
  peak_live_bytes_ = counts_.live_bytes;
  counts_.peak_reserved_bytes = counts_.reserved_bytes;
}

void memory_pool::reset_counts() {
  reset_peaks();
  const std::lock_guard lock(mutex_);
  counts_.allocations = counts_.refusals = counts_.collections = counts_.synchronizations = 0;
}

} // namespace trainyard::testing
