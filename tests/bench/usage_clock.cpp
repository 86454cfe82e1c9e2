// CPU time is what a machine shared with others does not blur.
#include "tests/bench/usage_clock.hpp"

#include <sys/resource.h>

namespace trainyard::bench {
namespace {

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double process_cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

} // namespace

usage_clock::usage_clock() : start_(std::chrono::steady_clock::now()), cpu_start_(process_cpu_seconds()) {}

std::chrono::duration<double> usage_clock::elapsed() const {
  return std::chrono::steady_clock::now() - start_;
}

void usage_clock::stop(bench_figures& into) const {
  into.seconds = elapsed().count();
  into.cpu_seconds = process_cpu_seconds() - cpu_start_;
}

} // namespace trainyard::bench
