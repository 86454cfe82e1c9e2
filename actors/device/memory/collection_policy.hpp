// When to give cached device memory back: every N images, early at the soft mark, before a pass at the hard
// mark. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "actors/device/memory/memory_reading.hpp"

namespace trainyard {

struct collection_settings {
  bool enabled = true;
  std::uint32_t interval_images = 50; ///< 0: on the marks only
  double soft_mark = 0.85; ///< of limit_bytes: collect early. 0, or a device without a limit: never
  double hard_mark =
      0.95; ///< of limit_bytes: collect before the next pass, and shrink it if that does not help
};

enum class collection : std::uint8_t { none, interval, soft_mark, hard_mark, out_of_memory };

[[nodiscard]] constexpr std::string_view to_string(collection why) noexcept {
  switch (why) {
  case collection::interval:
    return "interval";
  case collection::soft_mark:
    return "soft_mark";
  case collection::hard_mark:
    return "hard_mark";
  case collection::out_of_memory:
    return "out_of_memory";
  default:
    return "none";
  }
}

/// One per device. Ask it before and after every micro-batch, when no tensor of a pass is alive, and collect
/// when it says so.
class collection_policy {
public:
  explicit collection_policy(collection_settings settings) noexcept : settings_(settings) {}

  /// hard_mark or none. A collection that could not get below the mark is not repeated before every pass: see
  /// above_hard_mark().
  [[nodiscard]] collection before_micro_batch(const memory_reading& now) noexcept {
    if (!settings_.enabled)
      return collection::none;
    note_what_was_left(now);
    return reaches(settings_.hard_mark, now) ? collected(collection::hard_mark) : collection::none;
  }

  /// Whether passes must be smaller, because memory stays past the hard mark whatever is collected.
  [[nodiscard]] bool above_hard_mark(const memory_reading& now) const noexcept {
    return settings_.enabled && is_above(settings_.hard_mark, now);
  }

  /// `images` went through since the last call. The count runs on over batches and sessions, and what exceeds
  /// the interval is carried over, so the mean distance is interval_images whatever the micro-batch's size.
  [[nodiscard]] collection after_micro_batch(std::size_t images, const memory_reading& now) noexcept {
    if (!settings_.enabled)
      return collection::none;
    images_ += images;
    note_what_was_left(now);
    if (settings_.interval_images != 0 && images_ >= settings_.interval_images) {
      images_ %= settings_.interval_images;
      return collected(collection::interval);
    }
    if (!reaches(settings_.soft_mark, now))
      return collection::none;
    images_ = 0;
    return collected(collection::soft_mark);
  }

  [[nodiscard]] const collection_settings& settings() const noexcept { return settings_; }
  /// Images since the last collection, the carry included.
  [[nodiscard]] std::uint64_t images_since() const noexcept { return images_; }

private:
  [[nodiscard]] static bool is_above(double mark, const memory_reading& now) noexcept {
    const auto bytes = mark * static_cast<double>(now.limit_bytes);
    return bytes > 0 && static_cast<double>(now.held_bytes()) >= bytes;
  }
  void note_what_was_left(const memory_reading& now) noexcept {
    if (just_collected_ || (left_bytes_ && now.held_bytes() < *left_bytes_))
      left_bytes_ = now.held_bytes();
    just_collected_ = false;
  }
  /// A collection that could not get below the mark (the weights alone exceed it) must not be repeated after
  /// every micro-batch: the next one waits until memory grew by 1/32 of the limit over what was left.
  [[nodiscard]] bool reaches(double mark, const memory_reading& now) const noexcept {
    return is_above(mark, now) && (!left_bytes_ || now.held_bytes() - *left_bytes_ > now.limit_bytes / 32);
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
