// Names on the disk: directories, renames and removals that outlive a power cut.
#include <atomic>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actors/disk/disk_steps.hpp"

namespace trainyard {

namespace {
std::atomic<disk_observer> observer_of_steps{nullptr};
} // namespace

void observe_disk(disk_observer observer) noexcept {
  observer_of_steps.store(observer);
}

void before_disk_step(disk_step step, const std::filesystem::path& file) {
  if (const auto observer = observer_of_steps.load(std::memory_order_relaxed))
    observer(step, file);
}

result<void> sync_directory(const std::filesystem::path& directory) {
  before_disk_step(disk_step::sync_directory, directory);
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    return disk_failure("cannot open directory", directory, errno);
  int status = 0;
  do
    status = ::fsync(descriptor);
  while (status != 0 && errno == EINTR);
  const int error = status == 0 ? 0 : errno;
  ::close(descriptor);
  // Some network file systems cannot sync a directory; their renames are then as durable as they make them.
  if (error != 0 && error != EINVAL && error != ENOTSUP)
    return disk_failure("cannot sync directory", directory, error);
  return {};
}

result<void> make_directories(const std::filesystem::path& directory) {
  std::error_code ignored;
  if (directory.empty() || std::filesystem::is_directory(directory, ignored))
    return {};
  auto parent = directory.parent_path();
  if (auto made = make_directories(parent); !made)
    return made;
  if (directory.filename().empty()) // "a/b/" names a/b, which stands now
    return {};
  before_disk_step(disk_step::make_directory, directory);
  if (::mkdir(directory.c_str(), 0777) != 0) {
    const int error = errno;
    if (error != EEXIST || !std::filesystem::is_directory(directory, ignored))
      return disk_failure("cannot create directory", directory, error);
  }
  return sync_directory(parent.empty() ? std::filesystem::path(".") : parent);
}

result<void> rename_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  before_disk_step(disk_step::rename, to);
  if (std::rename(from.c_str(), to.c_str()) != 0)
    return disk_failure("cannot rename to", to, errno);
  return {};
}

result<bool> remove_file(const std::filesystem::path& file) {
  struct stat found {};
  if (::lstat(file.c_str(), &found) != 0 && errno == ENOENT)
    return false;
  before_disk_step(disk_step::remove, file);
  if (::unlink(file.c_str()) != 0)
    return disk_failure("cannot remove", file, errno);
  return true;
}

std::filesystem::path temporary_of(const std::filesystem::path& file) {
  auto name = file;
  return name += ".tmp";
}

result<void> replace_file(const std::filesystem::path& file, std::string_view content) {
  auto fresh = durable_file::create_fresh(temporary_of(file));
  if (!fresh)
    return tl::unexpected(std::move(fresh).error());
  return fresh->write_all_at(0, content)
      .and_then([&] { return fresh->sync(); })
      .and_then([&] { return rename_file(fresh->path(), file); })
      .and_then([&] { return sync_directory(file.parent_path()); });
}

result<std::string> read_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return disk_failure("cannot open", file, errno);
  std::string content;
  char chunk[1 << 16];
  ssize_t got = 0;
  while ((got = ::read(descriptor, chunk, sizeof chunk)) != 0) {
    if (got > 0)
      content.append(chunk, static_cast<std::size_t>(got));
    else if (errno != EINTR)
      break;
  }
  const int error = got < 0 ? errno : 0;
  ::close(descriptor);
  if (error != 0)
    return disk_failure("cannot read", file, error);
  return content;
}

} // namespace trainyard
