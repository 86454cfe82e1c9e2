// A walk at most every half minute, and never for more than a twentieth of the time.
#include "nodes/images/upload_quota.hpp"

#include <algorithm>

#include <sys/stat.h>

namespace trainyard {

namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds between_counts{30};

} // namespace

upload_quota::upload_quota(fs::path folder, upload_limits limits)
    : folder_(std::move(folder)), limits_(limits) {}

/// Told by the time of its last change, which, unlike its other times, nobody can set.
bool upload_quota::is_left_over(const fs::directory_entry& entry) const {
  if (entry.path().parent_path().filename() != upload_parts_folder)
    return false;
  struct stat found {};
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return ::lstat(entry.path().c_str(), &found) == 0 && now - found.st_ctime >= limits_.unfinished_for.count();
}

void upload_quota::count_again() {
  const auto begun = steady::now();
  figures found;
  std::error_code error;
  fs::recursive_directory_iterator each(folder_, fs::directory_options::skip_permission_denied, error);
  for (const fs::recursive_directory_iterator end; !error && each != end; each.increment(error)) {
    std::error_code gone; // what goes meanwhile does not count
    const auto bytes = each->is_regular_file(gone) ? each->file_size(gone) : 0;
    if (gone || !each->is_regular_file(gone) || (is_left_over(*each) && fs::remove(each->path(), gone)))
      continue;
    found.bytes += bytes;
    ++found.images;
  }
  held_ = error ? figures{std::max(held_.bytes, found.bytes), std::max(held_.images, found.images)} : found;
  const auto now = steady::now();
  count_again_at_ = now + std::max<steady::duration>(between_counts, 20 * (now - begun));
}

result<void> upload_quota::admit(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (steady::now() >= count_again_at_)
    count_again();
  if (held_.images + 1 > limits_.most_images)
    return fail(failure_kind::limit_reached,
                "the coordinator keeps at most " + std::to_string(limits_.most_images) +
                    " uploaded images (--upload-images)",
                "remove uploads that are not needed any more there, or raise the limit");
  if (held_.bytes + bytes > limits_.most_bytes)
    return fail(failure_kind::limit_reached,
                "the coordinator keeps at most " + std::to_string(limits_.most_bytes) +
                    " bytes of uploaded images (--upload-gigabytes)",
                "remove uploads that are not needed any more there, or raise the limit");
  if (auto room = check_room(bytes); !room)
    return room;
  held_.bytes += bytes;
  ++held_.images;
  return {};
}

result<void> upload_quota::check_room(std::uint64_t bytes) const {
  std::error_code error;
  const auto space = fs::space(folder_, error);
  if (!error && space.available < bytes + limits_.bytes_left_free)
    return fail(failure_kind::disk_full,
                "the coordinator's disk has " + std::to_string(space.available) + " bytes left",
                "free some room below its output root, then run the same command again");
  return {};
}

} // namespace trainyard
