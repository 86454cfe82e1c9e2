// Pure: when a lost device is tried again, and when it is given up.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace trainyard {

/// Doubles the delay with each loss; a device that finished a batch has proved itself and starts anew.
class restart_policy {
public:
  using milliseconds = std::chrono::milliseconds;
  explicit restart_policy(unsigned most = 5, milliseconds first = milliseconds(200),
                          milliseconds longest = milliseconds(30'000))
      : most_(most), first_(first), longest_(longest) {}

  void proved() noexcept { losses_ = 0; }
  /// The delay before the next start, or nothing when the device is given up.
  [[nodiscard]] std::optional<milliseconds> lost() noexcept {
    if (++losses_ > most_)
      return std::nullopt;
    return std::min(longest_, milliseconds(first_.count() << std::min(losses_ - 1, 20U)));
  }

private:
  unsigned most_;
  milliseconds first_;
  milliseconds longest_;
  unsigned losses_ = 0;
};

} // namespace trainyard
