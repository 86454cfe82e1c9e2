// Adds the seconds of its own lifetime to a sum.
#pragma once

#include <chrono>

namespace trainyard {

class stopwatch {
public:
  explicit stopwatch(double& seconds) : seconds_(seconds) {}
  ~stopwatch() {
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  stopwatch(const stopwatch&) = delete;
  stopwatch& operator=(const stopwatch&) = delete;

private:
  double& seconds_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

} // namespace trainyard
