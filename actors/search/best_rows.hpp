// The k best of many scored rows: higher scores first, of equal ones the earlier row.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace trainyard {

struct scored_row {
  float score = 0;
  std::uint64_t row = 0; ///< over all shards, from 0
  bool operator==(const scored_row&) const = default;
};

/// A total order, so that neither threads nor block sizes can change a result.
[[nodiscard]] constexpr bool is_better(const scored_row& left, const scored_row& right) noexcept {
  return left.score != right.score ? left.score > right.score : left.row < right.row;
}

class best_rows {
public:
  explicit best_rows(std::size_t k) : k_(k) {}

  /// A score that is not finite is no similarity: it never becomes a hit, and is counted.
  void offer(const scored_row& each) {
    if (!std::isfinite(each.score)) {
      ++not_finite_;
      return;
    }
    if (heap_.size() == k_) {
      if (k_ == 0 || !is_better(each, heap_.front()))
        return;
      std::pop_heap(heap_.begin(), heap_.end(), is_better); // the worst of them goes
      heap_.back() = each;
    } else {
      heap_.push_back(each);
    }
    std::push_heap(heap_.begin(), heap_.end(), is_better);
  }
  void merge(const best_rows& other) {
    for (const auto& each : other.heap_)
      offer(each);
    not_finite_ += other.not_finite_;
  }

  [[nodiscard]] std::vector<scored_row> sorted() const {
    auto rows = heap_;
    std::sort(rows.begin(), rows.end(), is_better);
    return rows;
  }
  [[nodiscard]] std::uint64_t not_finite() const noexcept { return not_finite_; }

private:
  std::size_t k_;
  std::vector<scored_row> heap_; ///< the worst in front
  std::uint64_t not_finite_ = 0;
};

} // namespace trainyard
