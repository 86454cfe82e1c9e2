// Per device: what it did in this session and how its memory went, from the batch results alone.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "messages/wire.hpp"

namespace trainyard {

/// Memory over time in a bounded number of points: when full, every second one is dropped and the step
/// doubles.
class memory_series {
public:
  explicit memory_series(std::size_t most = 512) : most_(most) {}
  void add(std::uint64_t bytes);
  [[nodiscard]] const std::vector<std::uint64_t>& points() const { return points_; }
  /// Batches from one point to the next.
  [[nodiscard]] std::uint64_t step() const { return step_; }
  /// Median of the second half: where memory has settled.
  [[nodiscard]] std::uint64_t steady_bytes() const;
  /// Theil-Sen estimate over the second half (the median of all pairwise slopes), which one outlier cannot
  /// move.
  [[nodiscard]] double slope_bytes_per_batch() const;

private:
  std::size_t most_;
  std::vector<std::uint64_t> points_;
  std::uint64_t step_ = 1;
  std::uint64_t seen_ = 0;
};

struct device_totals {
  std::string id;
  std::string kind;
  std::string name;
  std::uint64_t images = 0;
  std::uint64_t batches = 0;
  double forward_seconds = 0;
  std::uint64_t limit_bytes = 0;
  std::uint64_t peak_bytes = 0;
  std::uint64_t after_first_batch_bytes = 0;
  collection_counts collections;
  double collection_seconds = 0;
  std::uint32_t micro_batch = 0; ///< images per forward pass when last heard of
  std::uint64_t oom_retries = 0;
  std::uint64_t oom_splits = 0;
  memory_series memory;
};

/// Keyed by node and device, so that two machines' "cuda:0" stay apart.
class device_figures {
public:
  void add(const batch_result& done);
  [[nodiscard]] const std::map<std::string, device_totals>& devices() const { return devices_; }
  [[nodiscard]] const stage_seconds& seconds() const { return seconds_; }

private:
  std::map<std::string, device_totals> devices_;
  stage_seconds seconds_;
};

} // namespace trainyard
