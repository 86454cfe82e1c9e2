// The virtual clock: what is due next, in an order that follows from the seed alone.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace trainyard::simulation {

using duration = std::chrono::steady_clock::duration;
using time_point = std::chrono::steady_clock::time_point;

/// One thread. Time stands still while something runs. What is due at the same instant runs in the order in
/// which it was asked for.
class timeline {
public:
  [[nodiscard]] time_point now() const { return now_; }
  void at(time_point when, std::function<void()> what) {
    due_.push_back({std::max(when, now_), ++asked_, std::move(what)});
    std::push_heap(due_.begin(), due_.end(), later);
  }
  void after(duration delay, std::function<void()> what) { at(now_ + delay, std::move(what)); }
  /// Runs what is due next; false when nothing is.
  bool step() {
    if (due_.empty())
      return false;
    std::pop_heap(due_.begin(), due_.end(), later);
    auto next = std::move(due_.back());
    due_.pop_back();
    now_ = next.when;
    ++taken_;
    next.what();
    return true;
  }
  [[nodiscard]] std::uint64_t steps() const { return taken_; }

private:
  struct entry {
    time_point when;
    std::uint64_t order;
    std::function<void()> what;
  };
  static bool later(const entry& left, const entry& right) {
    return left.when != right.when ? left.when > right.when : left.order > right.order;
  }

  time_point now_ = time_point(std::chrono::hours(24));
  std::uint64_t asked_ = 0;
  std::uint64_t taken_ = 0;
  std::vector<entry> due_;
};

} // namespace trainyard::simulation
