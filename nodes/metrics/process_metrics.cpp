// From getrusage, and from /proc where there is one.
#include "nodes/metrics/process_metrics.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

namespace trainyard {
namespace {

/// Of the first use, which is the start but for moments.
double start_time() {
  static const double at =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  return at;
}

double seconds(const timeval& of) {
  return static_cast<double>(of.tv_sec) + static_cast<double>(of.tv_usec) / 1e6;
}

/// Resident bytes; 0 where the system does not tell.
double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  double pages = 0;
  double resident = 0;
  return in >> pages >> resident ? resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) : 0;
}

double open_files() {
  std::error_code none;
  double count = 0;
  for (auto each = std::filesystem::directory_iterator("/proc/self/fd", none);
       !none && each != std::filesystem::directory_iterator(); each.increment(none))
    ++count;
  return count;
}

} // namespace

void add_process_metrics(metrics_text& to, std::string_view role, std::string_view version) {
  to.family("trainyard_build", metric_type::info, "", "What runs: version and role.");
  to.sample(1, {{"version", std::string(version)}, {"role", std::string(role)}});
  to.family("process_start_time_seconds", metric_type::gauge, "seconds", "When this process began.");
  to.sample(start_time());
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) == 0) {
    to.family("process_cpu_seconds", metric_type::counter, "seconds", "Processor time of this process.");
    to.sample(seconds(used.ru_utime) + seconds(used.ru_stime));
  }
  if (const auto bytes = resident_bytes(); bytes > 0) {
    to.family("process_resident_memory_bytes", metric_type::gauge, "bytes", "Memory of this process.");
    to.sample(bytes);
  }
  if (const auto files = open_files(); files > 0) {
    to.family("process_open_fds", metric_type::gauge, "", "Open files and sockets of this process.");
    to.sample(files);
  }
}

} // namespace trainyard
