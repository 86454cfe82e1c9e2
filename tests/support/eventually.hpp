// The one way a test waits: poll a condition until it holds or the deadline passes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace trainyard::testing {

template <class Condition>
[[nodiscard]] bool eventually(std::chrono::milliseconds deadline, Condition&& holds) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  std::mutex mutex;
  std::condition_variable tick;
  std::unique_lock lock(mutex);
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= end)
      return false;
    tick.wait_for(lock, std::chrono::milliseconds(5));
  }
  return true;
}

} // namespace trainyard::testing
