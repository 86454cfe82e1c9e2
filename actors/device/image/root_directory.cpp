// Asks the kernel to stay beneath the root where it can, walks where it cannot, and says in words what
// failed.
#include "actors/device/image/root_directory.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#if defined(__linux__)
#include <sys/syscall.h>
#endif

#include "actors/device/image/beneath_walk.hpp"
#include "actors/device/image/printable.hpp"
#include "messages/system_limit.hpp"

namespace trainyard {
namespace {

#if defined(__linux__) && defined(SYS_openat2)
// linux/openat2.h is younger than some C libraries we build on; these are its fixed ABI.
struct open_how {
  std::uint64_t flags;
  std::uint64_t mode;
  std::uint64_t resolve;
};
constexpr std::uint64_t resolve_no_magiclinks = 0x02;
constexpr std::uint64_t resolve_beneath = 0x08;

owned_fd open_beneath_by_kernel(int root, const std::string& relative) {
  const open_how how{static_cast<std::uint64_t>(asset_open_flags()), 0,
                     resolve_beneath | resolve_no_magiclinks};
  for (int attempt = 0; attempt < 16; ++attempt) {
    const long opened = ::syscall(SYS_openat2, root, relative.c_str(), &how, sizeof how);
    if (opened >= 0 || (errno != EAGAIN && errno != EINTR)) // EAGAIN: something was renamed meanwhile
      return owned_fd(static_cast<int>(opened));
  }
  return {};
}
#else
owned_fd open_beneath_by_kernel(int, const std::string&) {
  errno = ENOSYS;
  return {};
}
#endif

owned_fd open_beneath(int root, const std::string& relative, path_resolution how) {
  if (how == path_resolution::kernel_first) {
    owned_fd file = open_beneath_by_kernel(root, relative);
    // EPERM is what a container's system call filter answers; the walk finds a true EPERM again.
    if (file || (errno != ENOSYS && errno != EPERM && errno != EINVAL && errno != EAGAIN))
      return file;
  }
  return open_beneath_by_walking(root, relative);
}

failure explain(int error, const std::string& relative) {
  const std::string name = printable(relative);
  if (is_system_limit(error))
    return system_limit_reached(name, error);
  switch (error) {
  case ENOENT:
  case ENOTDIR:
    return {failure_kind::asset_missing, name + " is not there any more",
            "run again with another --out, so that the directory is listed anew"};
  case EACCES:
  case EPERM:
    return {failure_kind::asset_denied, name + ": " + errno_text(error),
            "let the worker's user read it, then run again with another --out"};
  case ELOOP:
  case EXDEV:
    return {failure_kind::asset_outside_root, name + " leads outside its root: " + errno_text(error),
            "copy the file into the root or add a root that holds it"};
  case ENXIO: // a socket, or a FIFO or device without its other end
  case EOPNOTSUPP:
  case ENODEV:
    return {failure_kind::asset_not_a_file, name + " is not a regular file", ""};
  default:
    return {failure_kind::asset_io, name + ": " + errno_text(error),
            "check the disk or share, then run again with another --out"};
  }
}

result<void> check_name(const std::string& relative) {
  if (relative.empty())
    return fail(failure_kind::asset_missing, "the path is empty");
  if (relative.find('\0') != std::string::npos)
    return fail(failure_kind::asset_missing, printable(relative) + " holds a zero byte, no file can");
  if (relative.front() == '/')
    return fail(failure_kind::asset_outside_root, printable(relative) + " is absolute",
                "name assets relative to their root");
  if (relative.back() == '/')
    return fail(failure_kind::asset_denied, "directory " + printable(relative) + " could not be listed",
                "let the worker's user read the directory, then run again");
  return {};
}

} // namespace

result<root_directory> root_directory::open(const std::string& path, path_resolution how) {
  owned_fd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory && is_system_limit(errno))
    return tl::unexpected(system_limit_reached("root " + printable(path), errno));
  if (!directory)
    return fail(failure_kind::input_missing, "root " + printable(path) + ": " + errno_text(errno),
                "give a directory that exists and that this user can read");
  return root_directory(path, std::move(directory), how);
}

bool root_directory::is_at_its_path() const {
  struct stat held {};
  struct stat named {};
  return ::fstat(directory_.get(), &held) == 0 && ::stat(path_.c_str(), &named) == 0 &&
         held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

result<owned_fd> root_directory::open_file(const std::string& relative) const {
  if (auto named = check_name(relative); !named)
    return tl::unexpected(named.error());
  owned_fd file = open_beneath(directory_.get(), relative, how_);
  if (!file)
    return tl::unexpected(explain(errno, relative));
  struct stat found {};
  if (::fstat(file.get(), &found) != 0)
    return tl::unexpected(explain(errno, relative));
  if (S_ISDIR(found.st_mode))
    return fail(failure_kind::asset_not_a_file, printable(relative) + " is a directory");
  if (!S_ISREG(found.st_mode))
    return fail(failure_kind::asset_not_a_file, printable(relative) + " is not a regular file");
  return file;
}

} // namespace trainyard
