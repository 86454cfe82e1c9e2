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
  static constexpr std::uint32_t first_wait = 64;    ///< full passes between two probes
  static constexpr std::uint32_t inherited_wait = 4; ///< the same for what an earlier life learned
  static constexpr std::uint32_t longest_wait = 4096;

  /// `most` is what the user wants; `learned` what an earlier life of this device found.
  explicit batch_ceiling(std::size_t most, std::optional<std::size_t> learned = {}) noexcept
      : most_(std::max<std::size_t>(1, most)),
        learned_(learned ? bucket_of(std::max<std::size_t>(1, *learned), most_) : most_), now_(learned_),
        wait_(learned ? inherited_wait : first_wait) {}

  /// For the next micro-batch; one shape above current() when that is probed.
  [[nodiscard]] std::size_t size() const noexcept { return probing_ ? larger_bucket(now_, most_) : now_; }
  /// The largest that passes have lately.
  [[nodiscard]] std::size_t current() const noexcept { return now_; }

  /// A pass over `images` images went through.
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

  /// It went through only after a collection: no proof for a probe, and no news for the size in use.
  void fitted_with_help(std::size_t images) noexcept {
    if (bucket_of(images, most_) > now_)
      probe_failed();
  }

  /// It was out of memory even after a collection. A probe that fails doubles the wait until the next one.
  void did_not_fit(std::size_t images) noexcept {
    const auto rows = bucket_of(images, most_);
    if (rows > now_)
      return probe_failed();
    const bool pressed = now_ < learned_;
    now_ = std::min(now_, smaller_bucket(rows));
    if (!pressed)
      learned_ = now_;
    restart_count();
  }

  /// Memory stays past the hard mark whatever is collected: smaller passes for a while. Nothing is learned
  /// from it, as others may hold that memory.
  void under_pressure() noexcept {
    now_ = smaller_bucket(now_);
    restart_count();
  }

  /// What is worth keeping for the next start; nothing while the user's own size fits.
  [[nodiscard]] std::optional<std::size_t> learned() const noexcept {
    return learned_ < most_ ? std::optional(learned_) : std::nullopt;
  }

private:
  void probe_failed() noexcept {
    wait_ = std::min(longest_wait, std::max(first_wait, wait_ * 2));
    restart_count();
  }
  void restart_count() noexcept {
    probing_ = false;
    passes_ = 0;
  }

  std::size_t most_;
  std::size_t learned_; ///< largest shape not known to be too large
  std::size_t now_;     ///< below learned_ while under pressure
  std::uint32_t wait_;
  std::uint32_t passes_ = 0; ///< of size now_ since the last change
  bool probing_ = false;
};

} // namespace trainyard
