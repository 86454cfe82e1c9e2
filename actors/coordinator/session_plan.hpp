// Which items make which batch: each generation of the listing begins a batch, and b's items follow from b.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace trainyard {

struct item_range {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  [[nodiscard]] std::uint64_t end() const { return first + count; }
  bool operator==(const item_range&) const = default;
};

/// Same generations and size give the same batches, whenever and wherever it is asked: batch numbers are
/// identities. Memory: 16 bytes a generation.
class session_plan {
public:
  /// REQUIRES: batch_size > 0.
  explicit session_plan(std::uint64_t batch_size) : batch_size_(batch_size) {}

  /// All generations have `items` by now; `sealed` when no more will come to the newest.
  void listed(std::uint64_t items, bool sealed) {
    items_ = items;
    sealed_ = sealed;
  }
  /// What is listed from now on is of a new generation. REQUIRES: sealed().
  void begin_generation() { starts_.push_back({items_, batches()}); }

  /// Batches that may be dispatched: whole ones, and the last short one of a generation once that is sealed.
  [[nodiscard]] std::uint64_t batches() const {
    const auto& newest = starts_.back();
    const auto items = items_ - newest.item;
    return newest.batch + items / batch_size_ + (sealed_ && items % batch_size_ != 0 ? 1 : 0);
  }
  /// The items of a batch; count 0 for one that is not plannable.
  [[nodiscard]] item_range items_of(std::uint64_t batch) const {
    if (batch >= batches())
      return {items_, 0};
    const auto next =
        std::upper_bound(starts_.begin(), starts_.end(), batch,
                         [](std::uint64_t wanted, const start& at) { return wanted < at.batch; });
    const auto& of = *(next - 1);
    const auto end = next == starts_.end() ? items_ : next->item;
    const auto first = of.item + (batch - of.batch) * batch_size_;
    return {first, std::min(batch_size_, end - first)};
  }
  /// The items of batches [first, end).
  [[nodiscard]] item_range items_of(std::uint64_t first, std::uint64_t end) const {
    if (first >= end)
      return {items_of(first).first, 0};
    const auto begin = items_of(first).first;
    return {begin, items_of(end - 1).end() - begin};
  }
  [[nodiscard]] std::uint64_t batch_of(std::uint64_t item) const {
    const auto next =
        std::upper_bound(starts_.begin(), starts_.end(), item,
                         [](std::uint64_t wanted, const start& at) { return wanted < at.item; });
    const auto& of = *(next - 1);
    return of.batch + (item - of.item) / batch_size_;
  }
  /// The first batch of the newest generation.
  [[nodiscard]] std::uint64_t first_batch() const { return starts_.back().batch; }
  /// The first item of the newest generation.
  [[nodiscard]] std::uint64_t first_item() const { return starts_.back().item; }
  /// The first listing is generation 0.
  [[nodiscard]] std::uint64_t generation() const { return starts_.size() - 1; }
  [[nodiscard]] std::uint64_t items() const { return items_; }
  [[nodiscard]] bool sealed() const { return sealed_; }

private:
  struct start { ///< of a generation
    std::uint64_t item = 0;
    std::uint64_t batch = 0;
  };

  std::uint64_t batch_size_;
  std::uint64_t items_ = 0;
  bool sealed_ = false;
  std::vector<start> starts_{{}};
};

} // namespace trainyard
