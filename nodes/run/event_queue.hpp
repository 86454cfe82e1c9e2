// What the main thread of `run` waits for: signals, progress, ends. Any thread pushes, one pops.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <variant>

#include "actors/coordinator/session_actor.hpp"
#include "messages/failure.hpp"
#include "messages/wire.hpp"

namespace trainyard {

struct signal_received {
  int number = 0;
};
struct worker_drained {};
struct worker_lost {
  failure why;
};
/// The session's actor ended without an outcome.
struct session_lost {
  failure why;
};
struct link_changed {
  bool connected = false;
};
using run_event = std::variant<signal_received, session_progress, session_outcome, session_lost,
                               worker_drained, worker_lost, link_changed>;

class event_queue {
public:
  void push(run_event event) {
    {
      const std::lock_guard lock(mutex_);
      events_.push_back(std::move(event));
    }
    wake_.notify_one();
  }

  /// Nothing when `patience` passes first.
  [[nodiscard]] std::optional<run_event> pop(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    if (!wake_.wait_for(lock, patience, [this] { return !events_.empty(); }))
      return std::nullopt;
    auto event = std::move(events_.front());
    events_.pop_front();
    return event;
  }

private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<run_event> events_;
};

} // namespace trainyard
