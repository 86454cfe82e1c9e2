// Reading a directory, keeping the smallest names.
#include "actors/coordinator/name_window.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>

#include <dirent.h>
#include <fcntl.h>

#include "messages/system_limit.hpp"

namespace trainyard {

namespace {

struct close_directory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using open_directory = std::unique_ptr<DIR, close_directory>;

/// A second descriptor, as closedir closes its own; not openat("."), which asks for more rights than reading.
open_directory rewound(int directory_fd) {
  const int fd = ::fcntl(directory_fd, F_DUPFD_CLOEXEC, 0);
  if (fd < 0)
    return nullptr;
  open_directory directory(::fdopendir(fd));
  if (!directory) {
    const int error = errno;
    ::close(fd);
    errno = error;
    return nullptr;
  }
  ::rewinddir(directory.get()); // the descriptors share one position
  return directory;
}

} // namespace

result<std::optional<std::string_view>> name_window::next(int directory_fd) {
  if (at_ == starts_.size())
    if (auto filled = fill(directory_fd); !filled)
      return tl::unexpected(filled.error());
  if (at_ == starts_.size())
    return std::nullopt;
  const auto name = at(starts_[at_++]);
  last_ = name;
  begun_ = true;
  return name;
}

result<void> name_window::fill(int directory_fd) {
  if (at_ < starts_.size() || !more_)
    return {};
  bytes_.clear();
  starts_.clear();
  limit_.reset();
  at_ = 0;
  more_ = false;
  const auto directory = rewound(directory_fd);
  if (!directory)
    return tl::unexpected(system_limit_reached("cannot read a directory", errno));
  errno = 0;
  while (const auto* entry = ::readdir(directory.get())) {
    keep(entry->d_name);
    errno = 0;
  }
  incomplete_ = incomplete_ || (errno != 0 && errno != ENOENT); // ENOENT: the directory itself is gone
  const auto before = [this](std::size_t a, std::size_t b) { return at(a) < at(b); };
  std::sort(starts_.begin(), starts_.end(), before);
  const auto same = [this](std::size_t a, std::size_t b) { return at(a) == at(b); };
  starts_.erase(std::unique(starts_.begin(), starts_.end(), same), starts_.end()); // some file systems repeat
  return {};
}

bool name_window::wanted(std::string_view name) const {
  return name != "." && name != ".." && (begun_ ? name > last_ : name >= last_);
}

void name_window::keep(std::string_view name) {
  if (!wanted(name))
    return;
  if (limit_ && name > *limit_)
    return;
  starts_.push_back(bytes_.size());
  bytes_.append(name).push_back('\0');
  if (starts_.size() >= 2 * capacity_)
    keep_smallest();
}

void name_window::keep_smallest() {
  const auto middle = starts_.begin() + static_cast<std::ptrdiff_t>(capacity_ - 1);
  std::nth_element(starts_.begin(), middle, starts_.end(),
                   [this](std::size_t a, std::size_t b) { return at(a) < at(b); });
  starts_.resize(capacity_);
  limit_ = std::string(at(starts_.back()));
  more_ = true;
  std::string kept;
  for (auto& start : starts_) {
    const auto name = at(start);
    start = kept.size();
    kept.append(name).push_back('\0');
  }
  bytes_ = std::move(kept);
}

} // namespace trainyard
