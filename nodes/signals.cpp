// The handler writes one byte to a pipe; the thread reads it.
#include "nodes/signals.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>

#include <unistd.h>

namespace trainyard {

namespace {

int pipe_ends[2] = {-1, -1};
std::atomic<int> write_end{-1};
constexpr unsigned char no_more = 0;

void on_raised(int number) {
  const int saved = errno;
  const auto byte = static_cast<unsigned char>(number);
  [[maybe_unused]] const auto written = ::write(write_end.load(), &byte, 1);
  errno = saved;
}

void handle(int number, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigaction(number, &action, nullptr);
}

} // namespace

signal_watch::signal_watch(std::function<void(int)> on_signal) {
  if (::pipe(pipe_ends) != 0)
    return;
  write_end = pipe_ends[1];
  thread_ = std::thread([call = std::move(on_signal)] {
    unsigned char number = no_more;
    for (;;) {
      const auto got = ::read(pipe_ends[0], &number, 1);
      if (got == 1 && number != no_more)
        call(number);
      else if (got >= 0 || errno != EINTR)
        return;
    }
  });
  handle(SIGPIPE, SIG_IGN);
  handle(SIGXFSZ, SIG_IGN); // a file size limit then is a full disk, an error value
  handle(SIGINT, on_raised);
  handle(SIGTERM, on_raised);
}

signal_watch::~signal_watch() {
  handle(SIGINT, SIG_IGN); // the outcome is known by now, and the exit status shall tell it
  handle(SIGTERM, SIG_IGN);
  if (!thread_.joinable())
    return;
  [[maybe_unused]] const auto written = ::write(pipe_ends[1], &no_more, 1);
  thread_.join();
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
}

} // namespace trainyard
