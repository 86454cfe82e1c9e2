// Sums and medians over batch results.
#include "actors/coordinator/device_figures.hpp"

#include <algorithm>
#include <span>

namespace trainyard {

namespace {

template <class Number>
Number median(std::vector<Number> numbers) {
  if (numbers.empty())
    return {};
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::ranges::nth_element(numbers, middle);
  return *middle;
}

} // namespace

void memory_series::add(std::uint64_t bytes) {
  if (seen_++ % step_ != 0)
    return;
  points_.push_back(bytes);
  if (points_.size() < most_)
    return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < points_.size(); i += 2)
    points_[kept++] = points_[i];
  points_.resize(kept);
  step_ *= 2;
}

std::uint64_t memory_series::steady_bytes() const {
  return median(
      std::vector(points_.begin() + static_cast<std::ptrdiff_t>(points_.size() / 2), points_.end()));
}

double memory_series::slope_bytes_per_batch() const {
  const auto settled = std::span(points_).subspan(points_.size() / 2);
  std::vector<double> slopes;
  for (std::size_t i = 0; i < settled.size(); ++i)
    for (std::size_t k = i + 1; k < settled.size(); ++k)
      slopes.push_back((static_cast<double>(settled[k]) - static_cast<double>(settled[i])) /
                       static_cast<double>((k - i) * step_));
  return median(std::move(slopes));
}

void device_figures::add(const batch_result& done) {
  auto& device = devices_[done.node + "/" + done.device];
  if (device.batches++ == 0) {
    device.id = done.device;
    device.kind = done.device_kind;
    device.name = done.device_name;
    device.after_first_batch_bytes = done.memory.after_bytes;
  }
  device.images += done.embedded.size();
  device.forward_seconds += done.seconds.forward;
  device.limit_bytes = done.memory.limit_bytes;
  device.peak_bytes = std::max(device.peak_bytes, done.memory.peak_bytes);
  device.collections.interval += done.memory.collections.interval;
  device.collections.soft_mark += done.memory.collections.soft_mark;
  device.collections.hard_mark += done.memory.collections.hard_mark;
  device.collections.out_of_memory += done.memory.collections.out_of_memory;
  device.collection_seconds += done.memory.collection_seconds;
  device.micro_batch = done.memory.micro_batch;
  device.oom_retries += done.memory.oom_retries;
  device.oom_splits += done.memory.oom_splits;
  device.memory.add(done.memory.after_bytes);
  seconds_.read += done.seconds.read;
  seconds_.decode += done.seconds.decode;
  seconds_.forward += done.seconds.forward;
}

} // namespace trainyard
