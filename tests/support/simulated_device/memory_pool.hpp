// The memory of one simulated device: blocks of host memory under a cap, kept for reuse when freed. Knows no
// torch.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "tests/support/simulated_device/simulated_device.hpp"

namespace trainyard::testing {

enum class refusal { none, out_of_memory, lost };

/// Thread safe. Like the allocators of CUDA and MPS it empties its own cache before it refuses, and does not
/// touch what is retained.
class memory_pool {
public:
  struct grant {
    void* block = nullptr;
    refusal why = refusal::none;
  };

  memory_pool() = default;
  ~memory_pool();
  memory_pool(const memory_pool&) = delete;
  memory_pool& operator=(const memory_pool&) = delete;

  void configure(const simulated_settings& settings);
  [[nodiscard]] simulated_settings settings() const;
  void fail_one_allocation(std::uint64_t nth);

  [[nodiscard]] grant take(std::size_t bytes);
  void give_back(void* block);
  void synchronize(); ///< what was retained may be used again
  void empty_cache(); ///< synchronises, then returns every block that is not live

  [[nodiscard]] simulated_counts counts() const;
  [[nodiscard]] std::uint64_t peak_live_bytes() const;
  void reset_peaks();
  void reset_counts();

private:
  using block_list = std::multimap<std::size_t, void*>;
  void release_retained();
  void free_cached();
  [[nodiscard]] bool is_told_to_fail();

  mutable std::mutex mutex_;
  simulated_settings settings_;
  simulated_counts counts_;
  std::uint64_t peak_live_bytes_ = 0;
  std::uint64_t allocations_ever_ = 0;
  std::uint64_t fail_at_ = 0; ///< of allocations_ever_; 0: none
  std::unordered_map<void*, std::size_t> live_;
  block_list cached_;
  block_list retained_;
};

} // namespace trainyard::testing
