// The walk: one level per open directory, every step beneath the root's descriptor.
#include "actors/coordinator/directory_walk.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>

#include "actors/coordinator/image_names.hpp"

#include "actors/disk/positioned_io.hpp"
#include "messages/system_limit.hpp"

namespace trainyard {

namespace {

constexpr int as_directory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

owned_fd open_beneath(int directory, const char* name, int flags) {
  int fd = -1;
  do
    fd = ::openat(directory, name, flags);
  while (fd < 0 && errno == EINTR);
  return owned_fd(fd);
}

/// The entry is gone, or has become something else than what it was a moment ago.
bool vanished(int error) {
  return error == ENOENT || error == ENOTDIR || error == ELOOP || error == EMLINK;
}

tl::unexpected<failure> no_root(const std::filesystem::path& root, const std::string& why) {
  return fail(failure_kind::input_missing, "cannot list the directory " + root.string() + ": " + why,
              "give a directory of images that this user may read");
}

} // namespace

result<directory_walk> directory_walk::open(const std::filesystem::path& root, walk_options options) {
  directory_walk walk;
  std::error_code error;
  walk.root_ = std::filesystem::canonical(root, error);
  if (error)
    return no_root(root, error.message());
  auto fd = open_beneath(AT_FDCWD, walk.root_.c_str(), as_directory);
  struct stat found {};
  if (!fd ||
      ::fstatat(fd.get(), ".", &found, 0) != 0) // a root that may be read but not searched lists nothing
    return no_root(root, errno_text(errno));
  walk.options_ = std::move(options);
  walk.options_.open_directories = std::max<std::size_t>(walk.options_.open_directories, 1);
  for (const auto& each : walk.options_.exclude)
    if (::stat(each.c_str(), &found) == 0)
      walk.excluded_.push_back({found.st_dev, found.st_ino});
  walk.levels_.push_back(
      {std::move(fd), 0, name_window(walk.options_.names_in_memory, walk.first_name_in(""))});
  if (auto filled = walk.levels_.back().names.fill(walk.directory()); !filled)
    return tl::unexpected(filled.error());
  return walk;
}

result<std::optional<listed_asset>> directory_walk::next() {
  while (!levels_.empty()) {
    if (levels_.size() == 1 && levels_.front().names.incomplete())
      return no_root(root_, "reading it broke off");
    const auto there = reopen_deepest();
    if (!there)
      return tl::unexpected(there.error());
    const auto name = *there ? levels_.back().names.next(directory()) : std::optional<std::string_view>();
    if (!name)
      return tl::unexpected(name.error());
    if (!*name) {
      leave();
      continue;
    }
    auto found = visit(std::string(**name));
    if (!found || *found)
      return found;
  }
  return std::nullopt;
}

result<directory_walk::found_asset> directory_walk::visit(const std::string& name) {
  struct stat found {};
  if (::fstatat(directory(), name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
    if (is_system_limit(errno))
      return broken_off(errno, prefix_ + name);
    return vanished(errno) ? std::nullopt // what cannot be told apart must show
                           : listed(prefix_ + name, {}, sight::partial);
  }
  return S_ISDIR(found.st_mode) ? visit_directory(name, found) : visit_file(name, found);
}

result<directory_walk::found_asset> directory_walk::visit_directory(const std::string& name,
                                                                    const struct stat& found) {
  if (name == ".trainyard")
    return std::nullopt;
  auto path = prefix_ + name + "/";
  if (path.size() > options_.longest_directory_bytes)
    return listed(std::move(path), found);
  auto fd = open_beneath(directory(), name.c_str(), as_directory);
  struct stat entered {};
  if (fd && ::fstatat(fd.get(), ".", &entered, 0) == 0)
    return is_excluded(entered) ? std::nullopt : enter(std::move(fd), std::move(path), entered);
  if (is_system_limit(errno))
    return broken_off(errno, path);
  return vanished(errno) ? std::nullopt : listed(std::move(path), found);
}

result<directory_walk::found_asset> directory_walk::enter(owned_fd fd, std::string path,
                                                          const struct stat& found) {
  const auto open = options_.open_directories;
  if (levels_.size() > open)
    levels_[levels_.size() - open].fd.close(); // never level 0, from which the others are opened again
  levels_.push_back({std::move(fd), path.size(), name_window(options_.names_in_memory, first_name_in(path))});
  prefix_ = path;
  if (auto filled = levels_.back().names.fill(directory()); !filled)
    return tl::unexpected(filled.error());
  return levels_.back().names.incomplete() ? listed(std::move(path), found) : std::nullopt;
}

result<directory_walk::found_asset> directory_walk::visit_file(const std::string& name, struct stat found) {
  auto path = prefix_ + name;
  if (!path_before(options_.resume_after, path))
    return std::nullopt;
  bool image = false;
  auto seen = sight::whole;
  if (!name.starts_with("._")) {
    image = has_image_extension(name);
    if (!image && S_ISREG(found.st_mode)) {
      const auto told = is_image(name);
      if (!told)
        return tl::unexpected(told.error());
      image = told->value_or(options_.tell_doubtful);
      seen = *told ? sight::whole : sight::doubtful;
    }
  }
  if (!image) {
    ++ignored_;
    return std::nullopt;
  }
  if (S_ISLNK(found.st_mode)) {
    struct stat target {};
    if (::fstatat(directory(), name.c_str(), &target, 0) == 0)
      found = target;
    else
      seen = sight::partial;
  }
  return listed(std::move(path), found, seen);
}

result<std::optional<bool>> directory_walk::is_image(const std::string& name) const {
  // NONBLOCK: it may have become a pipe since it was looked at.
  const auto fd =
      open_beneath(directory(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (!fd && is_system_limit(errno))
    return broken_off(errno, prefix_ + name);
  if (!fd)
    return vanished(errno) ? std::optional(false) : std::nullopt;
  struct stat found {};
  if (::fstat(fd.get(), &found) != 0)
    return std::nullopt;
  if (!S_ISREG(found.st_mode))
    return false;
  std::array<unsigned char, image_magic_bytes> start{};
  ssize_t got = 0;
  do
    got = ::pread(fd.get(), start.data(), start.size(), 0);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    return std::nullopt;
  return got > 0 && has_image_magic({start.data(), static_cast<std::size_t>(got)});
}

result<bool> directory_walk::reopen_deepest() {
  if (levels_.back().fd)
    return true;
  owned_fd opened;
  int above = levels_.front().fd.get();
  for (std::size_t at = 0; at < prefix_.size();) {
    const auto end = prefix_.find('/', at);
    opened = open_beneath(above, prefix_.substr(at, end - at).c_str(), as_directory);
    if (!opened)
      return vanished(errno) ? result<bool>(false) : broken_off(errno, prefix_);
    above = opened.get();
    at = end + 1;
  }
  levels_.back().fd = std::move(opened);
  return true;
}

std::string directory_walk::first_name_in(std::string_view path) const {
  const std::string_view resume = options_.resume_after;
  if (!resume.starts_with(path))
    return {};
  const auto rest = resume.substr(path.size());
  return std::string(rest.substr(0, rest.find('/')));
}

directory_walk::found_asset directory_walk::listed(std::string path, const struct stat& found,
                                                   sight seen) const {
  if (!path_before(options_.resume_after, path))
    return std::nullopt;
  const auto bytes = S_ISREG(found.st_mode) ? static_cast<std::uint64_t>(found.st_size) : 0;
  return listed_asset{std::move(path), bytes, mtime_ns_of(found), seen};
}

bool directory_walk::is_excluded(const struct stat& found) const {
  return std::find(excluded_.begin(), excluded_.end(), inode{found.st_dev, found.st_ino}) != excluded_.end();
}

tl::unexpected<failure> directory_walk::broken_off(int error, const std::string& path) const {
  const auto doing = "listing stopped at " + (root_ / path).string();
  if (is_system_limit(error))
    return tl::unexpected(system_limit_reached(doing, error));
  return fail(failure_kind::internal, doing + ": " + errno_text(error), "check the directory, then resume");
}

void directory_walk::leave() {
  levels_.pop_back();
  prefix_.resize(levels_.empty() ? 0 : levels_.back().path_length);
}

} // namespace trainyard
