// What a main thread waits for, in the order in which it comes: any thread pushes, one pops.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace trainyard {

template <class Event>
class event_queue {
public:
  using time_point = std::chrono::steady_clock::time_point;

  void push(Event event) {
    {
      const std::lock_guard lock(mutex_);
      events_.push_back(std::move(event));
    }
    wake_.notify_one();
  }

  /// Nothing when `deadline` passes first; without one it waits for as long as it takes.
  [[nodiscard]] std::optional<Event> pop(std::optional<time_point> deadline) {
    std::unique_lock lock(mutex_);
    const auto some = [this] { return !events_.empty(); };
    if (!deadline)
      wake_.wait(lock, some);
    else if (!wake_.wait_until(lock, *deadline, some))
      return std::nullopt;
    auto event = std::move(events_.front());
    events_.pop_front();
    return event;
  }

private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Event> events_;
};

} // namespace trainyard
