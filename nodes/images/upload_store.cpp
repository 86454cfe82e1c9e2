// Every step beneath a descriptor of the root, by names that upload_path has looked at.
#include "nodes/images/upload_store.hpp"

#include <algorithm>
#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actors/device/image/image_file.hpp"
#include "actors/disk/durable_file.hpp"
#include "actors/disk/positioned_io.hpp"
#include "nodes/images/upload_path.hpp"

namespace trainyard {

namespace {

namespace fs = std::filesystem;

constexpr int as_directory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr int as_parts = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
const std::string parts_folder = upload_parts_folder;

owned_fd open_at(int directory, const std::string& name, int flags) {
  int fd = -1;
  do
    fd = ::openat(directory, name.c_str(), flags, 0666);
  while (fd < 0 && errno == EINTR);
  return owned_fd(fd);
}

/// Made where it is missing, durably.
owned_fd enter(int directory, const std::string& name) {
  auto inside = open_at(directory, name, as_directory);
  if (inside || errno != ENOENT)
    return inside;
  if (::mkdirat(directory, name.c_str(), 0777) != 0 && errno != EEXIST)
    return {};
  ::fsync(directory); // a file system that cannot do it makes names durable in its own way
  return open_at(directory, name, as_directory);
}

owned_fd enter_all(int directory, std::span<const std::string> names) {
  owned_fd inside;
  for (const auto& name : names) {
    auto next = enter(inside ? inside.get() : directory, name);
    if (!next)
      return {};
    inside = std::move(next);
  }
  return inside;
}

/// Gives the file its image's size, with room on the disk where the file system can keep some free. An error
/// of errno, 0 for none.
int reserve(int fd, std::uint64_t size) {
  if (size == 0)
    return 0;
#ifdef __linux__ // not posix_fallocate: where nothing can be reserved, it writes beside others' parts
  int error = 0;
  do
    error = ::fallocate(fd, 0, 0, static_cast<off_t>(size)) == 0 ? 0 : errno;
  while (error == EINTR);
  if (error != EINVAL && error != EOPNOTSUPP && error != ENOSYS)
    return error;
#endif
  return ::ftruncate(fd, static_cast<off_t>(size)) == 0 ? 0 : errno;
}

/// The same for every part of one image, and another one for any other content.
std::string parts_name(const uploaded_image& image) {
  return asset_id_of(image.path) + "-" + to_hex(std::span(image.sha256).first(16)) + "-" +
         std::to_string(image.size);
}

result<sha256_digest> digest_of(int fd, std::uint64_t size, const fs::path& file) {
  constexpr std::size_t step = std::size_t{1} << 20U;
  sha256 hash;
  std::string bytes;
  for (std::uint64_t at = 0; at < size; at += bytes.size()) {
    if (!read_at(fd, at, std::min<std::uint64_t>(step, size - at), bytes))
      return disk_failure("cannot read", file, errno);
    if (bytes.empty())
      break;
    hash.add(std::as_bytes(std::span(bytes)));
  }
  return hash.finish();
}

bool set_time(int fd, std::int64_t mtime_ns) {
  constexpr std::int64_t second = 1'000'000'000;
  auto seconds = mtime_ns / second;
  auto rest = mtime_ns % second;
  if (rest < 0) { // before 1970
    --seconds;
    rest += second;
  }
  struct timespec times[2] = {};
  times[0].tv_nsec = UTIME_OMIT;
  times[1].tv_sec = static_cast<time_t>(seconds);
  times[1].tv_nsec = static_cast<long>(rest);
  return ::futimens(fd, times) == 0;
}

tl::unexpected<failure> not_as_announced(const uploaded_image& image) {
  return fail(failure_kind::asset_changed, "what came of " + image.path + " is not what was announced",
              "send it again");
}

} // namespace

struct upload_store::parts_file {
  owned_fd folder;
  owned_fd file;
  std::string name;
};

upload_store::upload_store(fs::path path, root_directory directory, upload_limits limits)
    : path_(std::move(path)), root_(std::move(directory)), quota_(path_, limits) {}

result<std::unique_ptr<upload_store>> upload_store::open(const fs::path& root, upload_limits limits) {
  if (auto made = make_directories(root); !made)
    return tl::unexpected(made.error());
  auto opened = root_directory::open(root.string());
  if (!opened)
    return tl::unexpected(opened.error());
  return std::unique_ptr<upload_store>(new upload_store(root, std::move(*opened), limits));
}

result<bool> upload_store::holds(const uploaded_image& image) const {
  const auto file = root_.open_file(image.folder + "/" + image.path);
  if (!file && (file.error().kind == failure_kind::asset_missing ||
                file.error().kind == failure_kind::asset_not_a_file))
    return false;
  if (!file)
    return tl::unexpected(file.error());
  struct stat found {};
  if (::fstat(file->get(), &found) != 0)
    return disk_failure("cannot look at", path_ / image.folder / image.path, errno);
  if (static_cast<std::uint64_t>(found.st_size) != image.size || mtime_ns_of(found) != image.mtime_ns)
    return false;
  return digest_of(file->get(), image.size, path_ / image.folder / image.path)
      .map([&](const sha256_digest& digest) { return digest == image.sha256; });
}

/// Counted against the limits when it is made, with all of its size, which is the only time that it grows the
/// folder.
result<upload_store::parts_file> upload_store::open_parts(const uploaded_image& image) {
  const auto top = open_at(AT_FDCWD, path_.string(), as_directory);
  const auto gathered = path_ / image.folder / parts_folder;
  const std::string names[] = {image.folder, parts_folder};
  parts_file parts{top ? enter_all(top.get(), names) : owned_fd(), {}, parts_name(image)};
  if (!parts.folder)
    return disk_failure("cannot make", gathered, errno);
  parts.file = open_at(parts.folder.get(), parts.name, as_parts);
  if (!parts.file && errno == ENOENT) {
    const auto there = holds(image);
    if (!there)
      return tl::unexpected(there.error());
    if (*there)
      return parts;
    if (auto admitted = quota_.admit(image.size); !admitted)
      return tl::unexpected(admitted.error());
    parts.file = open_at(parts.folder.get(), parts.name, as_parts | O_CREAT);
    if (const int error = parts.file ? reserve(parts.file.get(), image.size) : 0; error != 0) {
      ::unlinkat(parts.folder.get(), parts.name.c_str(), 0);
      return disk_failure("cannot reserve room for", gathered / parts.name, error);
    }
  }
  if (!parts.file)
    return disk_failure("cannot make", gathered / parts.name, errno);
  return parts;
}

result<void> upload_store::write(const uploaded_image& image, std::uint64_t offset,
                                 std::span<const std::byte> bytes) {
  auto parts = open_parts(image);
  if (!parts)
    return tl::unexpected(parts.error());
  if (!parts->file)
    return {};
  if (auto room = quota_.check_room(bytes.size()); !room)
    return room;
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (const int error = write_at(parts->file.get(), offset, text); error != 0)
    return disk_failure("cannot write", path_ / image.folder / parts_folder / parts->name, error);
  return {};
}

result<void> upload_store::finish(const uploaded_image& image) {
  const auto names = upload_path(image.path);
  if (!names)
    return tl::unexpected(names.error());
  auto parts = open_parts(image);
  if (!parts)
    return tl::unexpected(parts.error());
  if (!parts->file)
    return {};
  const int file = parts->file.get();
  const auto shown = path_ / image.folder / image.path;
  struct stat found {};
  const auto digest = digest_of(file, image.size, shown);
  if (!digest)
    return tl::unexpected(digest.error());
  if (::fstat(file, &found) != 0 || static_cast<std::uint64_t>(found.st_size) != image.size ||
      *digest != image.sha256) {
    ::unlinkat(parts->folder.get(), parts->name.c_str(), 0);
    return not_as_announced(image);
  }
  if (!set_time(file, image.mtime_ns))
    return disk_failure("cannot set the time of", shown, errno);
  if (const int error = sync_content(file); error != 0)
    return disk_failure("cannot sync", shown, error);
  const auto top = open_at(AT_FDCWD, path_.string(), as_directory);
  std::vector<std::string> folders{image.folder};
  folders.insert(folders.end(), names->begin(), names->end() - 1);
  const auto into = top ? enter_all(top.get(), folders) : owned_fd();
  if (!into)
    return disk_failure("cannot make the folder of", shown, errno);
  if (::renameat(parts->folder.get(), parts->name.c_str(), into.get(), names->back().c_str()) != 0)
    return errno == ENOENT ? not_as_announced(image)
                           : result<void>(disk_failure("cannot name", shown, errno));
  ::fsync(into.get());
  return {};
}

} // namespace trainyard
