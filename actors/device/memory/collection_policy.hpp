// When to give cached device memory back: every N images, or early when the soft mark is reached. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "actors/device/memory/memory_reading.hpp"

namespace trainyard {

struct collection_settings {
  bool enabled = true;
  std::uint32_t interval_images = 50; ///< 0: on the soft mark only
  double soft_mark = 0.85;            ///< of limit_bytes; 0 or a device without a limit: interval only
};

enum class collection : std::uint8_t { none, interval, soft_mark };

[[nodiscard]] constexpr std::string_view to_string(collection why) noexcept {
  return why == collection::interval ? "interval" : why == collection::soft_mark ? "soft_mark" : "none";
}

/// One per device. Ask it after every micro-batch, when the pass's tensors are gone; collect when it says so.
class collection_policy {
public:
  explicit collection_policy(collection_settings settings) noexcept : settings_(settings) {}

  /// `images` went through since the last call. The count runs on over batches and sessions, and what exceeds
  /// the interval is carried over, so the mean distance is interval_images whatever the micro-batch's size.
  [[nodiscard]] collection after_micro_batch(std::size_t images, const memory_reading& now) noexcept {
    if (!settings_.enabled)
      return collection::none;
    images_ += images;
    const bool soft = reaches_soft_mark(now);
    if (settings_.interval_images != 0 && images_ >= settings_.interval_images) {
      images_ %= settings_.interval_images;
      return collected(collection::interval);
    }
    if (!soft)
      return collection::none;
    images_ = 0;
    return collected(collection::soft_mark);
  }

  [[nodiscard]] const collection_settings& settings() const noexcept { return settings_; }
  /// Images since the last collection, the carry included.
  [[nodiscard]] std::uint64_t images_since() const noexcept { return images_; }

private:
  /// A collection that could not get below the mark (the weights alone exceed it) must not be repeated after
  /// every micro-batch: the next one waits until memory grew by 1/32 of the limit over what was left.
  [[nodiscard]] bool reaches_soft_mark(const memory_reading& now) noexcept {
    const auto held = std::max(now.in_use_bytes, now.reserved_bytes);
    if (just_collected_ || (left_bytes_ && held < *left_bytes_))
      left_bytes_ = held;
    just_collected_ = false;
    const auto mark = settings_.soft_mark * static_cast<double>(now.limit_bytes);
    if (mark <= 0 || static_cast<double>(held) < mark)
      return false;
    return !left_bytes_ || held - *left_bytes_ > now.limit_bytes / 32;
  }
  collection collected(collection why) noexcept {
    just_collected_ = true;
    return why;
  }

  collection_settings settings_;
  std::uint64_t images_ = 0;
  std::optional<std::uint64_t> left_bytes_; ///< what the last collection could not free
  bool just_collected_ = false;
};

} // namespace trainyard
