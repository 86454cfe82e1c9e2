// Whether a process still runs, wherever it was forked.
#pragma once

#include <csignal>
#include <fstream>
#include <string>

#include <sys/types.h>

namespace trainyard::testing {

inline bool alive(pid_t pid) {
  if (::kill(pid, 0) != 0)
    return false;
  std::ifstream stat("/proc/" + std::to_string(pid) +
                     "/stat"); // a zombie whose parent is slow counts as gone
  std::string line;
  return !std::getline(stat, line) || line.find(") Z ") == std::string::npos;
}

} // namespace trainyard::testing
