// How a directory differs from the listing made of it earlier: a merge of two streams in path_before order.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "actors/coordinator/manifest.hpp"

namespace trainyard {

struct listing_changes {
  std::uint64_t added = 0;
  std::uint64_t changed = 0; ///< another size or time of modification
  std::uint64_t gone = 0;
  [[nodiscard]] bool any() const { return added + changed + gone != 0; }
};

/// One block of the manifest in memory, whatever its length.
class listing_comparison {
public:
  explicit listing_comparison(manifest_reader known) : known_(std::move(known)) {}

  /// The walk has found this; call it in path_before order.
  [[nodiscard]] result<void> found(const listed_asset& now) {
    for (;;) {
      const auto before = next();
      if (!before)
        return tl::unexpected(before.error());
      if (!*before || path_before(now.path, (*before)->path))
        return ++changes_.added, result<void>{};
      ++at_;
      if ((*before)->path == now.path) {
        changes_.changed += **before != now;
        return {};
      }
      ++changes_.gone;
    }
  }

  /// The walk has ended: what is left of the listing is gone.
  [[nodiscard]] listing_changes end() {
    changes_.gone += known_.size() - at_;
    at_ = known_.size();
    return changes_;
  }

private:
  [[nodiscard]] result<std::optional<listed_asset>> next() {
    constexpr std::uint64_t portion = 256;
    if (at_ >= known_.size())
      return std::nullopt;
    if (at_ < first_ || at_ >= first_ + items_.size()) {
      auto read = known_.read(at_, portion);
      if (!read)
        return tl::unexpected(read.error());
      items_ = std::move(*read);
      first_ = at_;
    }
    return items_[at_ - first_];
  }

  manifest_reader known_;
  std::vector<listed_asset> items_;
  std::uint64_t first_ = 0;
  std::uint64_t at_ = 0;
  listing_changes changes_;
};

} // namespace trainyard
