// An open file by its descriptor: whole writes and reads at an offset, and the sync that means it.
#include "actors/disk/durable_file.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actors/disk/disk_steps.hpp"
#include "actors/disk/positioned_io.hpp"
#include "messages/system_limit.hpp"

namespace trainyard {

namespace {

constexpr std::size_t largest_transfer_bytes = std::size_t{1} << 30; // macOS refuses more than INT_MAX

} // namespace

tl::unexpected<failure> disk_failure(std::string_view doing, const std::filesystem::path& file, int error) {
  auto cause = std::string(doing) + " " + file.string() + ": " + errno_text(error);
  if (error == ENOSPC || error == EDQUOT || error == EFBIG)
    return fail(
        failure_kind::disk_full, std::move(cause),
        "free space (or raise the quota) and run the same command again: it goes on where it stopped");
  if (is_system_limit(error))
    return tl::unexpected(system_limit_reached(std::string(doing) + " " + file.string(), error));
  return fail(failure_kind::output_unwritable, std::move(cause),
              "check permissions and mount of the output folder, or give another --out");
}

durable_file::durable_file(int descriptor, std::filesystem::path file) noexcept
    : descriptor_(descriptor), path_(std::move(file)) {}

durable_file::durable_file(durable_file&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

durable_file& durable_file::operator=(durable_file&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

durable_file::~durable_file() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

result<durable_file> durable_file::create_fresh(const std::filesystem::path& file) {
  if (auto removed = remove_file(file); !removed)
    return tl::unexpected(std::move(removed).error());
  before_disk_step(disk_step::create, file);
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0)
    return disk_failure("cannot create", file, errno);
  return durable_file(descriptor, file);
}

result<durable_file> durable_file::open_existing_or_new(const std::filesystem::path& file) {
  before_disk_step(disk_step::create, file);
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0)
    return disk_failure("cannot open", file, errno);
  return durable_file(descriptor, file);
}

result<std::uint64_t> durable_file::size() const {
  struct stat found {};
  if (::fstat(descriptor_, &found) != 0)
    return disk_failure("cannot read the size of", path_, errno);
  return static_cast<std::uint64_t>(found.st_size);
}

result<void> durable_file::write_all_at(std::uint64_t offset, std::span<const std::byte> bytes) {
  before_disk_step(disk_step::write, path_);
  while (!bytes.empty()) {
    const auto wanted = std::min(bytes.size(), largest_transfer_bytes);
    const auto written = ::pwrite(descriptor_, bytes.data(), wanted, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return disk_failure("cannot write", path_, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

result<void> durable_file::write_all_at(std::uint64_t offset, std::string_view text) {
  return write_all_at(offset, std::as_bytes(std::span(text.data(), text.size())));
}

result<void> durable_file::read_all_at(std::uint64_t offset, std::span<std::byte> into) const {
  while (!into.empty()) {
    const auto wanted = std::min(into.size(), largest_transfer_bytes);
    const auto got = ::pread(descriptor_, into.data(), wanted, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return disk_failure("cannot read", path_, errno);
    if (got == 0)
      return fail(failure_kind::output_corrupt,
                  path_.string() + " ends early, at byte " + std::to_string(offset),
                  "something else writes to the output folder: give another --out");
    into = into.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return {};
}

result<void> durable_file::truncate(std::uint64_t size) {
  before_disk_step(disk_step::truncate, path_);
  while (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0)
    if (errno != EINTR)
      return disk_failure("cannot cut", path_, errno);
  return {};
}

result<void> durable_file::sync() {
  before_disk_step(disk_step::sync, path_);
  if (const int error = sync_content(descriptor_); error != 0)
    return disk_failure("cannot sync", path_, error);
  return {};
}

} // namespace trainyard
