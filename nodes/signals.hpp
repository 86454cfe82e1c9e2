// SIGINT and SIGTERM as events on a thread of ours, where code may do what a signal handler may not.
#pragma once

#include <functional>
#include <memory>
#include <thread>

namespace trainyard {

/// One per process. While it lives, the first signals go to `on_signal` (on the watch's own thread); they
/// are ignored once it is destroyed. SIGPIPE is ignored from then on: a closed pipe is an error
/// value, not a death.
class signal_watch {
public:
  explicit signal_watch(std::function<void(int)> on_signal);
  ~signal_watch();
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

private:
  std::thread thread_;
};

} // namespace trainyard
