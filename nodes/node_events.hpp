// What the main thread of a cluster's process waits for: a signal, the end of its work, the loss of its
// connection for good.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "messages/failure.hpp"

namespace trainyard {

struct node_event {
  enum class what { signal, drained, failed } kind;
  failure why{};       ///< of failed
  int signal_number{}; ///< of signal
};

/// Any thread pushes, one pops.
class node_events {
public:
  void push(node_event event) {
    {
      const std::lock_guard lock(mutex_);
      events_.push_back(std::move(event));
    }
    wake_.notify_one();
  }
  /// Nothing when `deadline` passes first.
  [[nodiscard]] std::optional<node_event> pop(std::optional<std::chrono::steady_clock::time_point> deadline) {
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
  std::deque<node_event> events_;
};

} // namespace trainyard
