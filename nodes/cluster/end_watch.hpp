// The last word on a process that is to end: parts that wait for a stalled disk must not keep it for ever.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include <unistd.h>

#include "actors/log.hpp"

namespace trainyard {

/// Declared before what has to end. Where that has not gone by the deadline, the process ends with a line in
/// the log, and with the status that it was to have.
class end_watch {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Once.
  void arm(time_point deadline, int status, std::string role) {
    thread_ = std::jthread([deadline, status, role = std::move(role)](const std::stop_token& gone) {
      std::mutex mutex;
      std::unique_lock lock(mutex);
      std::condition_variable_any never;
      never.wait_until(lock, gone, deadline, [] { return false; });
      if (gone.stop_requested())
        return;
      log(log_level::warn, "node",
          role + " ends though a thread of it still waits, for a disk that does not answer most likely");
      ::_exit(status);
    });
  }

private:
  std::jthread thread_;
};

} // namespace trainyard
