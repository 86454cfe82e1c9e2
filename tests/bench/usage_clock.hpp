// Wall clock and this process's CPU time since a moment.
#pragma once

#include <chrono>

#include "tests/bench/bench_plan.hpp"

namespace trainyard::bench {

class usage_clock {
public:
  usage_clock();
  [[nodiscard]] std::chrono::duration<double> elapsed() const;
  /// Fills seconds and cpu_seconds.
  void stop(bench_figures& into) const;

private:
  std::chrono::steady_clock::time_point start_;
  double cpu_start_;
};

} // namespace trainyard::bench
