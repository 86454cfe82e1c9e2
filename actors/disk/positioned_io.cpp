// pread and pwrite to the end, fsync per system.
#include "actors/disk/positioned_io.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

namespace trainyard {

owned_fd open_file(const std::filesystem::path& file, int flags) {
  int fd = -1;
  do
    fd = ::open(file.c_str(), flags | O_CLOEXEC, 0600);
  while (fd < 0 && errno == EINTR);
  return owned_fd(fd);
}

int write_at(int fd, std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return written < 0 ? errno : ENOSPC;
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return 0;
}

bool read_at(int fd, std::uint64_t offset, std::size_t count, std::string& into) {
  into.resize(count);
  std::size_t got = 0;
  while (got < count) {
    const auto read = ::pread(fd, into.data() + got, count - got, static_cast<off_t>(offset + got));
    if (read < 0 && errno == EINTR)
      continue;
    if (read <= 0) {
      into.resize(got);
      return read == 0;
    }
    got += static_cast<std::size_t>(read);
  }
  return true;
}

result<std::uint64_t> length_of(int fd, const std::filesystem::path& file) {
  struct stat found {};
  if (::fstat(fd, &found) != 0)
    return fail(failure_kind::output_unwritable, "cannot stat " + file.string() + ": " + errno_text(errno),
                "check the output folder and its disk");
  return static_cast<std::uint64_t>(found.st_size);
}

int sync_content(int fd) {
  int outcome = 0;
  do {
#if defined(F_FULLFSYNC)
    outcome = ::fcntl(fd, F_FULLFSYNC);
    if (outcome != 0 &&
        (errno == ENOTSUP || errno == EINVAL || errno == ENOTTY)) // file systems that know no better
      outcome = ::fsync(fd);
#else
    outcome = ::fdatasync(fd);
#endif
  } while (outcome != 0 && errno == EINTR);
  return outcome == 0 ? 0 : errno;
}

std::int64_t mtime_ns_of(const struct stat& found) {
#if defined(__APPLE__)
  const auto& time = found.st_mtimespec;
#else
  const auto& time = found.st_mtim;
#endif
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

} // namespace trainyard
