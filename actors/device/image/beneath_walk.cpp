// The walk holds every directory on the way open: ".." goes back to the one it came from, never to a parent
// that the disk names, so a directory moved meanwhile cannot lead above the root either.
#include "actors/device/image/beneath_walk.hpp"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <vector>

namespace trainyard {
namespace {

// Passing through a directory needs no right to list it.
#if defined(O_PATH)
constexpr int pass_through = O_PATH | O_DIRECTORY;
#elif defined(O_SEARCH)
constexpr int pass_through = O_SEARCH | O_DIRECTORY;
#else
constexpr int pass_through = O_RDONLY | O_DIRECTORY;
#endif
constexpr int most_links = 40; // as the kernel
constexpr std::size_t most_depth = 512;

class walk {
public:
  explicit walk(int root) : root_(root) {}

  owned_fd open(const std::string& relative) {
    if (relative.size() >= PATH_MAX) {
      errno = ENAMETOOLONG;
      return {};
    }
    if (!push_front(relative))
      return {};
    while (!todo_.empty()) {
      const std::string name = std::move(todo_.front());
      todo_.pop_front();
      const bool last = todo_.empty();
      if (name == "..") {
        if (!leave())
          return {};
      } else if (name != ".") {
        owned_fd opened = last ? step(name, asset_open_flags()) : step(name, pass_through);
        if (opened && last)
          return opened;
        if (!opened && !followed_)
          return {};
        if (opened && !enter(std::move(opened)))
          return {};
      }
    }
    return reopen_here(); // the path ended in "." or "..": a directory
  }

private:
  /// Puts the components of `path` before what is left to walk.
  bool push_front(const std::string& path) {
    if (path.empty())
      return stop(ENOENT);
    if (path.front() == '/')
      return stop(EXDEV);
    std::vector<std::string> names;
    for (std::size_t from = 0; from < path.size();) {
      const std::size_t end = std::min(path.find('/', from), path.size());
      if (end > from)
        names.push_back(path.substr(from, end - from));
      from = end + 1;
    }
    if (path.back() == '/')
      names.emplace_back("."); // so that the name before it must be a directory
    todo_.insert(todo_.begin(), names.begin(), names.end());
    return true;
  }

  /// Opens one name in the current directory; a symlink is not opened but put in front of what is left.
  owned_fd step(const std::string& name, int flags) {
    followed_ = false;
    owned_fd opened(::openat(here(), name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
    const int error = errno;
    if (opened || (error != ELOOP && error != ENOTDIR && error != EMLINK))
      return opened;
    struct stat found {};
    if (::fstatat(here(), name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0)
      return {};
    if (!S_ISLNK(found.st_mode)) {
      errno = error;
      return {};
    }
    followed_ = follow(name);
    return {};
  }

  bool follow(const std::string& name) {
    if (++links_ > most_links)
      return stop(ELOOP);
    std::string target(PATH_MAX, '\0');
    const ssize_t length = ::readlinkat(here(), name.c_str(), target.data(), target.size());
    if (length < 0)
      return false;
    target.resize(static_cast<std::size_t>(length));
    return push_front(target);
  }

  bool enter(owned_fd directory) {
    if (way_.size() >= most_depth)
      return stop(ENAMETOOLONG);
    way_.push_back(std::move(directory));
    return true;
  }

  bool leave() {
    if (way_.empty())
      return stop(EXDEV);
    way_.pop_back();
    return true;
  }

  [[nodiscard]] owned_fd reopen_here() const { return owned_fd(::openat(here(), ".", O_RDONLY | O_CLOEXEC)); }
  [[nodiscard]] int here() const { return way_.empty() ? root_ : way_.back().get(); }
  static bool stop(int error) {
    errno = error;
    return false;
  }

  int root_;
  std::vector<owned_fd> way_;
  std::deque<std::string> todo_;
  int links_ = 0;
  bool followed_ = false; ///< the last step met a symlink and follows it
};

} // namespace

int asset_open_flags() noexcept {
  return O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
}

owned_fd open_beneath_by_walking(int root, const std::string& relative) {
  return walk(root).open(relative);
}

} // namespace trainyard
