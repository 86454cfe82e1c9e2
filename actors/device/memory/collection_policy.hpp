// When to give cached device memory back: every N images, early at the soft mark, before a pass at the hard
// mark, after every pass where passes succeed only so. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "actors/device/memory/memory_reading.hpp"

namespace trainyard {

struct collection_settings {
  bool enabled = true;
  std::uint32_t interval_images = 50; ///< 0: on the marks only
  double soft_mark = 0.85; ///< of limit_bytes: collect early. 0, or a device without a limit: never
  double hard_mark = 0.95; ///< of limit_bytes: collect before the next pass; and smaller passes when even
                           ///< what a collection leaves is past it
};

enum class collection : std::uint8_t { none, interval, soft_mark, hard_mark, out_of_memory };

/// One per device. Ask it before and after every micro-batch, when no tensor of a pass is alive; collect when
/// it says so, and tell it what every collection left, whoever asked for it.
class collection_policy {
public:
  /// Passes that are collected after, once two in a row needed it.
  static constexpr std::uint32_t eager_passes = 64;

  explicit collection_policy(collection_settings settings) noexcept : settings_(settings) {}

  /// hard_mark or none.
  [[nodiscard]] collection before_micro_batch(const memory_reading& now) const noexcept {
    return settings_.enabled && reaches(settings_.hard_mark, now) ? collection::hard_mark : collection::none;
  }

  /// Whether passes must be smaller, because no collection gets below the hard mark.
  [[nodiscard]] bool is_under_pressure(const memory_reading& now) const noexcept {
    return settings_.enabled && collected_once_ && is_past(settings_.hard_mark, left_bytes_, now) &&
           is_past(settings_.hard_mark, now.held_bytes(), now);
  }

  /// `images` went through since the last call. The count runs on over batches and sessions, and what exceeds
  /// the interval is carried over, so the mean distance is interval_images whatever the micro-batch's size.
  [[nodiscard]] collection after_micro_batch(std::size_t images, const memory_reading& now) noexcept {
    if (!settings_.enabled)
      return collection::none;
    images_ += images;
    if (settings_.interval_images != 0 && images_ >= settings_.interval_images) {
      images_ %= settings_.interval_images;
      return collection::interval;
    }
    if (eager_left_ > 0) {
      --eager_left_;
      return collection::soft_mark;
    }
    // What one pass takes up again right after a collection is what passes need: collecting that each time
    // would only make the device allocate it each time.
    if (!first_pass_seen_) {
      first_pass_seen_ = true;
      needed_bytes_ = now.held_bytes();
    }
    if (!reaches(settings_.soft_mark, now))
      return collection::none;
    images_ = 0;
    return collection::soft_mark;
  }

  /// `now` is the reading right after a collection, for whatever reason.
  void collected(const memory_reading& now) noexcept {
    left_bytes_ = now.held_bytes();
    needed_bytes_ = 0;
    first_pass_seen_ = false;
    collected_once_ = true;
  }

  /// A pass went through: by itself, or only after a collection. Two of the latter in a row would go on for
  /// ever, at twice the cost; collecting after each pass costs far less.
  void passed(bool with_help) noexcept {
    if (with_help && ++helped_in_a_row_ >= 2)
      eager_left_ = eager_passes;
    if (!with_help && eager_left_ == 0)
      helped_in_a_row_ = 0;
  }

  [[nodiscard]] const collection_settings& settings() const noexcept { return settings_; }
  /// Images since the last collection by count, the carry included.
  [[nodiscard]] std::uint64_t images_since() const noexcept { return images_; }

private:
  [[nodiscard]] static bool is_past(double mark, std::uint64_t held, const memory_reading& now) noexcept {
    const auto bytes = mark * static_cast<double>(now.limit_bytes);
    return bytes > 0 && static_cast<double>(held) >= bytes;
  }
  /// Past the mark, and by more than what a collection leaves or the next pass takes anyway.
  [[nodiscard]] bool reaches(double mark, const memory_reading& now) const noexcept {
    const auto held = now.held_bytes();
    if (!is_past(mark, held, now))
      return false;
    const auto base = std::max(left_bytes_, needed_bytes_);
    return !collected_once_ || (held > base && held - base > now.limit_bytes / 32);
  }

  collection_settings settings_;
  std::uint64_t images_ = 0;
  std::uint64_t left_bytes_ = 0;   ///< by the last collection
  std::uint64_t needed_bytes_ = 0; ///< held after the first pass since then; 0: not known yet
  bool collected_once_ = false;
  bool first_pass_seen_ = true; ///< false from a collection to the end of the next pass
  std::uint32_t helped_in_a_row_ = 0;
  std::uint32_t eager_left_ = 0;
};

} // namespace trainyard
