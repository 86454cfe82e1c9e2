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
  std::chrono::seconds unfinished_for{24 * 3'600};         ///< without a new part; then parts are removed
};

/// Of each upload's folder: what is not whole gathers there. directory_walk passes it over.
inline constexpr const char* upload_parts_folder = ".trainyard";

/// Thread safe. Counts what is there by looking now and then, so that coordinators that share a folder come
/// to the same, and adds what it has admitted since: the limits hold to within what others admit meanwhile.
/// What it looks at counts by its size, so a file of parts has to have its image's from the beginning; those
/// that nobody finishes are removed on the way.
class upload_quota {
public:
  upload_quota(std::filesystem::path folder, upload_limits limits);

  /// One more image of `bytes`. limit_reached or disk_full. May block for a walk over the folder.
  [[nodiscard]] result<void> admit(std::uint64_t bytes);
  /// disk_full where writing `bytes` would leave less than has to stay free.
  [[nodiscard]] result<void> check_room(std::uint64_t bytes) const;

private:
  using steady = std::chrono::steady_clock;
  struct figures {
    std::uint64_t bytes = 0;
    std::uint64_t images = 0;
  };
  void count_again();
  [[nodiscard]] bool is_left_over(const std::filesystem::directory_entry& entry) const;

  std::filesystem::path folder_;
  upload_limits limits_;
  std::mutex mutex_; ///< guards all below
  figures held_;
  steady::time_point count_again_at_;
};

} // namespace trainyard
