// Which items make which batch: batch b holds items [b * size, (b + 1) * size) of the listing.
#pragma once

#include <algorithm>
#include <cstdint>

namespace trainyard {

struct item_range {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  bool operator==(const item_range&) const = default;
};

/// Same items and size give the same batches, whenever and wherever it is asked: batch numbers are
/// identities.
class session_plan {
public:
  /// REQUIRES: batch_size > 0.
  explicit constexpr session_plan(std::uint64_t batch_size) : batch_size_(batch_size) {}

  /// The listing has `items` by now; `sealed` when no more will come.
  constexpr void listed(std::uint64_t items, bool sealed) {
    items_ = items;
    sealed_ = sealed;
  }

  /// Batches that may be dispatched: whole ones, and the last short one once the listing is sealed.
  [[nodiscard]] constexpr std::uint64_t batches() const {
    const bool short_one = sealed_ && items_ % batch_size_ != 0;
    return items_ / batch_size_ + (short_one ? 1 : 0);
  }
  /// The items of a batch; count 0 for one that is not plannable.
  [[nodiscard]] constexpr item_range items_of(std::uint64_t batch) const {
    if (batch >= batches())
      return {items_, 0};
    const auto first = batch * batch_size_;
    return {first, std::min(batch_size_, items_ - first)};
  }
  [[nodiscard]] constexpr std::uint64_t batch_of(std::uint64_t item) const { return item / batch_size_; }
  [[nodiscard]] constexpr std::uint64_t batch_size() const { return batch_size_; }
  [[nodiscard]] constexpr std::uint64_t items() const { return items_; }
  [[nodiscard]] constexpr bool sealed() const { return sealed_; }

private:
  std::uint64_t batch_size_;
  std::uint64_t items_ = 0;
  bool sealed_ = false;
};

} // namespace trainyard
