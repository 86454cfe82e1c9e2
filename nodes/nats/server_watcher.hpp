// The process between us and the private server: it outlives us just long enough to clean up.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "messages/failure.hpp"

namespace trainyard {

struct watched_command {
  std::vector<std::string> arguments; ///< [0] is the path of the binary
  std::vector<std::string> environment;
  std::string directory; ///< absolute; removed with all that is in it when the watcher ends
};

/// What the watcher writes to its report pipe, in order: started or failed, later ended.
struct watcher_report {
  enum class what : int { started, exec_failed, ended } kind;
  int value; ///< pid, errno, or wait status
};

struct watcher_process {
  pid_t pid = -1;
  int lifeline = -1; ///< write end: closing it (or dying) ends the server
  int reports = -1;  ///< read end, non-blocking: watcher_report records, end of file when the watcher is gone
};

/// Forks the watcher; both descriptors are close-on-exec. The child calls async-signal-safe functions only,
/// and a child that other code forks without exec would hold the lifeline: fork none while it is open.
[[nodiscard]] result<watcher_process> start_watcher(const watched_command& command);

} // namespace trainyard
