// How many images a device has room for at once: learned from shortage, kept, and slowly probed upward. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "actors/device/pass_shapes.hpp"

namespace trainyard {

/// One per device. All sizes are shapes of pass_shapes.hpp: a smaller batch that is padded to the same shape
/// would need the same memory.
class batch_ceiling {
public:
  static constexpr std::uint32_t first_wait = 64; ///< full passes between two probes
  static constexpr std::uint32_t longest_wait = 4096;

  /// `most` is what the user wants; `learned` what an earlier life of this device found.
  explicit batch_ceiling(std::size_t most, std::optional<std::size_t> learned = {}) noexcept
      : most_(std::max<std::size_t>(1, most)),
        learned_(learned ? bucket_of(std::max<std::size_t>(1, *learned), most_) : most_), now_(learned_) {}

  /// For the next micro-batch.
  [[nodiscard]] std::size_t size() const noexcept { return probing_ ? larger_bucket(now_, most_) : now_; }

  /// A pass over `images` images went through without help.
  void fitted(std::size_t images) noexcept {
    const auto rows = bucket_of(images, most_);
    if (rows > now_) {
      now_ = rows;
      learned_ = std::max(learned_, rows);
      restart_count();
    } else if (rows == now_ && now_ < most_ && ++passes_ >= wait_) {
      probing_ = true;
    }
  }

  /// A pass over `images` images was out of memory even after a collection. A probe that fails doubles the
  /// wait until the next one.
  void did_not_fit(std::size_t images) noexcept {
    const auto rows = bucket_of(images, most_);
    if (rows > now_)
      wait_ = std::min(longest_wait, wait_ * 2);
    now_ = std::min(now_, smaller_bucket(rows));
    learned_ = now_;
    restart_count();
  }

  /// The device is full past its hard mark and a collection did not help: smaller passes for a while. Nothing
  /// is learned from it, as others may hold that memory.
  void under_pressure() noexcept {
    now_ = smaller_bucket(now_);
    restart_count();
  }

  /// What is worth keeping for the next start; nothing while the user's own size fits.
  [[nodiscard]] std::optional<std::size_t> learned() const noexcept {
    return learned_ < most_ ? std::optional(learned_) : std::nullopt;
  }

private:
  void restart_count() noexcept {
    probing_ = false;
    passes_ = 0;
  }

  std::size_t most_;
  std::size_t learned_; ///< largest shape not known to be too large
  std::size_t now_;
  std::uint32_t wait_ = first_wait;
  std::uint32_t passes_ = 0; ///< of size now_ since the last change
  bool probing_ = false;
};

} // namespace trainyard
