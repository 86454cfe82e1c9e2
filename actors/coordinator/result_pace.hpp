// How fast results come, and so when they have stalled: near the end of a session, only slow workers are left
// then.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>

namespace trainyard {

/// Pure; times must not go back. One result after the other, or many at once.
class result_pace {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = time_point::duration;

  void add(std::size_t results, time_point now) {
    for (std::size_t i = 0; i < std::min(results, most_); ++i)
      times_.push_back(now);
    while (times_.size() > most_)
      times_.pop_front();
  }

  /// Nothing has come for three times as long as results take on average, and for `least_silence`. Never
  /// before the second result: there is no pace yet.
  [[nodiscard]] bool is_stalled(time_point now) const {
    if (times_.size() < 2)
      return false;
    const auto mean = (times_.back() - times_.front()) / static_cast<duration::rep>(times_.size() - 1);
    return now - times_.back() >= std::max<duration>(3 * mean, least_silence);
  }

  static constexpr std::chrono::milliseconds least_silence{500};

private:
  static constexpr std::size_t most_ = 32;
  std::deque<time_point> times_;
};

} // namespace trainyard
