// Images per second over the last seconds, and how long the rest will take at that rate.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace trainyard {

/// Pure; time is passed in. Memory: one sample per 1/64 of the window, however often add is called.
class throughput {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  explicit throughput(time_point start, duration window = std::chrono::seconds(15))
      : start_(start), window_(window) {}

  void add(std::uint64_t images, time_point now);
  /// Over the window, or since the start while that is shorter. 0 before the first image.
  [[nodiscard]] double images_per_second(time_point now) const;
  /// Nothing while the rate is 0 and images remain.
  [[nodiscard]] std::optional<double> eta_seconds(std::uint64_t remaining, time_point now) const;

private:
  struct sample {
    time_point at;
    std::uint64_t images;
  };

  time_point start_;
  duration window_;
  std::deque<sample> samples_;
};

} // namespace trainyard
