// How fast results come, and so when they have stalled: near the end of a session, only slow workers are left
// then.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

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

  /// Work went out.
  void begin(time_point now) { begun_ = now; }

  /// Nothing has come for three times as long as results take on average, and for `least_silence`; before the
  /// second result, when there is no pace yet, since `first_patience` after the last work went out.
  [[nodiscard]] bool is_stalled(time_point now) const {
    if (times_.size() < 2)
      return begun_ && now - std::max(*begun_, times_.empty() ? *begun_ : times_.back()) >= first_patience;
    const auto mean = (times_.back() - times_.front()) / static_cast<duration::rep>(times_.size() - 1);
    return now - times_.back() >= std::max<duration>(3 * mean, least_silence);
  }

  /// The last work went out long enough ago to have reached whoever wants some.
  [[nodiscard]] bool has_rested(time_point now) const { return begun_ && now - *begun_ >= least_silence; }

  static constexpr std::chrono::milliseconds least_silence{500};
  static constexpr std::chrono::seconds first_patience{30};

private:
  static constexpr std::size_t most_ = 32;
  std::deque<time_point> times_;
  std::optional<time_point> begun_;
};

} // namespace trainyard
