// How much clients may send: bytes and images of all uploads together, and room that stays free on the disk.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>

#include "messages/failure.hpp"

namespace trainyard {

struct upload_limits {
  std::uint64_t most_bytes = 0;
  std::uint64_t most_images = 0;
  std::uint64_t bytes_left_free = std::uint64_t{1} << 30U; ///< on the file system, for vectors and all else
};

/// Thread safe. Counts what is there by looking now and then, so that coordinators that share a folder come
/// to the same, and adds what it has admitted since: the limits hold to within what others admit meanwhile.
class upload_quota {
public:
  upload_quota(std::filesystem::path folder, upload_limits limits);

  /// One more image of `bytes`. limit_reached or disk_full. May block for a walk over the folder.
  [[nodiscard]] result<void> admit(std::uint64_t bytes);

private:
  using steady = std::chrono::steady_clock;
  void count_again();

  std::filesystem::path folder_;
  upload_limits limits_;
  std::mutex mutex_; ///< guards all below
  std::uint64_t bytes_ = 0;
  std::uint64_t images_ = 0;
  steady::time_point count_again_at_;
};

} // namespace trainyard
