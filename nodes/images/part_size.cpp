// A link that was slow once is tried with larger parts again, one step at a time.
#include "nodes/images/part_size.hpp"

#include <algorithm>

#include "nodes/images/chunk_plan.hpp"

namespace trainyard {
namespace {

constexpr unsigned most_halvings = 5; ///< 32 KiB of 1 MiB
constexpr unsigned files_before_larger_parts = 64;

} // namespace

void part_size::timed_out() {
  whole_files_ = 0;
  for (auto now = halvings_.load(); now < most_halvings && !halvings_.compare_exchange_weak(now, now + 1);) {
  }
}

void part_size::whole_file() {
  if (++whole_files_ % files_before_larger_parts != 0)
    return;
  for (auto now = halvings_.load(); now > 0 && !halvings_.compare_exchange_weak(now, now - 1);) {
  }
}

std::size_t part_size::bytes(std::size_t max_payload) const {
  return std::max<std::size_t>(1, chunk_bytes_within(max_payload) >> halvings_);
}

} // namespace trainyard
