// The sliding window of samples.
#include "actors/throughput.hpp"

#include <algorithm>

namespace trainyard {

namespace {
constexpr int samples_in_a_window = 64;
} // namespace

void throughput::add(std::uint64_t images, time_point now) {
  while (!samples_.empty() && now - samples_.front().at >= window_)
    samples_.pop_front();
  if (!samples_.empty() && now - samples_.back().at < window_ / samples_in_a_window)
    samples_.back().images += images;
  else
    samples_.push_back({now, images});
}

double throughput::images_per_second(time_point now) const {
  std::uint64_t images = 0;
  for (const auto& each : samples_)
    if (now - each.at < window_)
      images += each.images;
  // Not below a quarter second: the first result must not read as thousands a second.
  const auto shortest = std::min<duration>(window_, std::chrono::milliseconds(250));
  const auto span = std::clamp<duration>(now - start_, shortest, window_);
  return static_cast<double>(images) / std::chrono::duration<double>(span).count();
}

std::optional<double> throughput::eta_seconds(std::uint64_t remaining, time_point now) const {
  if (remaining == 0)
    return 0.0;
  const auto rate = images_per_second(now);
  return rate > 0 ? std::optional(static_cast<double>(remaining) / rate) : std::nullopt;
}

} // namespace trainyard
