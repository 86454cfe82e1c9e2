// How long to wait before something is asked again: longer each time, and never two workers in step.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace trainyard {

class backoff {
public:
  [[nodiscard]] std::chrono::milliseconds next() {
    const auto longest = std::chrono::duration_cast<std::chrono::milliseconds>(next_);
    next_ = std::min<std::chrono::milliseconds>(next_ * 2, most);
    return std::chrono::milliseconds(
        std::uniform_int_distribution<std::int64_t>(longest.count() / 2, longest.count())(random_));
  }
  void reset() { next_ = least; }

private:
  static constexpr std::chrono::milliseconds least{50};
  static constexpr std::chrono::milliseconds most{3'000};
  std::chrono::milliseconds next_ = least;
  std::minstd_rand random_{std::random_device{}()};
};

} // namespace trainyard
