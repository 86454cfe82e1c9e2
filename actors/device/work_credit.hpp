// How many batches a worker holds at once: enough that no device waits, few enough that a slow one does not
// sit on what others could finish.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <optional>

namespace trainyard {

/// Pure; times must not go back. Begins with `least` a device and, once batches come out, holds what is
/// worked off in `ahead`, at most `most` a device. Where one batch takes longer than `slow`, a device has the
/// one that it works on, and the next one is asked for when half the time is over: at the end of a session
/// others would wait for it.
class work_credit {
public:
  using time_point = std::chrono::steady_clock::time_point;

  work_credit(std::size_t least, std::size_t most) : least_(least), most_(std::max(least, most)) {}

  void set_devices(std::size_t devices) { devices_ = devices; }
  /// A batch came into empty hands.
  void began(time_point now) { current_ = now; }
  /// A batch came out; `busy`: others are still in hand, so the time to the next one is work and not waiting.
  void finished(time_point now, bool busy) {
    if (last_) {
      const auto took = std::chrono::duration<double>(now - *last_).count();
      seconds_ = seconds_ ? 0.7 * *seconds_ + 0.3 * took : took;
    }
    last_ = current_ = busy ? std::optional(now) : std::nullopt;
  }

  /// In hand and asked for, together.
  [[nodiscard]] std::size_t target(time_point now) const {
    if (!seconds_)
      return least_ * devices_;
    const auto of_a_batch = *seconds_ * static_cast<double>(devices_);
    const auto worked = current_ ? std::chrono::duration<double>(now - *current_).count() : 0;
    if (of_a_batch > slow.count() && *seconds_ - worked > of_a_batch / 2)
      return devices_;
    const auto worked_off = ahead.count() / std::max(*seconds_, 1e-6);
    const auto wanted = static_cast<std::size_t>(std::min(std::ceil(worked_off), 1e6)) + devices_;
    return std::clamp(wanted, least_ * devices_, most_ * devices_);
  }

  static constexpr std::chrono::duration<double> ahead{4};
  static constexpr std::chrono::duration<double> slow{3};

private:
  std::size_t least_;
  std::size_t most_;
  std::size_t devices_ = 0;
  std::optional<time_point> last_;    ///< a batch came out, and others were in hand
  std::optional<time_point> current_; ///< what is being worked on was begun
  std::optional<double> seconds_;     ///< from one batch to the next
};

} // namespace trainyard
