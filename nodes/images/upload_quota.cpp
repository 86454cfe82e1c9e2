// A walk at most every half minute, and never for more than a twentieth of the time.
#include "nodes/images/upload_quota.hpp"

#include <algorithm>

namespace trainyard {

namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds between_counts{30};

} // namespace

upload_quota::upload_quota(fs::path folder, upload_limits limits)
    : folder_(std::move(folder)), limits_(limits) {}

void upload_quota::count_again() {
  const auto begun = steady::now();
  bytes_ = images_ = 0;
  std::error_code error; // what cannot be read, or goes meanwhile, does not count
  for (fs::recursive_directory_iterator each(folder_, error), end; !error && each != end;
       each.increment(error)) {
    std::error_code gone;
    const auto bytes = each->is_regular_file(gone) ? each->file_size(gone) : 0;
    if (gone || !each->is_regular_file(gone))
      continue;
    bytes_ += bytes;
    ++images_;
  }
  const auto now = steady::now();
  count_again_at_ = now + std::max<steady::duration>(between_counts, 20 * (now - begun));
}

result<void> upload_quota::admit(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (steady::now() >= count_again_at_)
    count_again();
  if (images_ + 1 > limits_.most_images)
    return fail(failure_kind::limit_reached,
                "the coordinator keeps at most " + std::to_string(limits_.most_images) +
                    " uploaded images (--upload-images)",
                "remove uploads that are not needed any more there, or raise the limit");
  if (bytes_ + bytes > limits_.most_bytes)
    return fail(failure_kind::limit_reached,
                "the coordinator keeps at most " + std::to_string(limits_.most_bytes) +
                    " bytes of uploaded images (--upload-gigabytes)",
                "remove uploads that are not needed any more there, or raise the limit");
  std::error_code error;
  const auto space = fs::space(folder_, error);
  if (!error && space.available < bytes + limits_.bytes_left_free)
    return fail(failure_kind::disk_full,
                "the coordinator's disk has " + std::to_string(space.available) + " bytes left",
                "free some room below its output root, then run the same command again");
  bytes_ += bytes;
  ++images_;
  return {};
}

} // namespace trainyard
