// One remedy for each resource, with what the limit is now.
#include "messages/system_limit.hpp"

#include <cerrno>
#include <new>
#include <system_error>

#include <sys/resource.h>

namespace trainyard {

namespace {

template <class Resource>
std::string limit_text(Resource what, const std::string& of) {
  rlimit limit{};
  if (::getrlimit(what, &limit) != 0)
    return {};
  return " (limit of " + of + ": " +
         (limit.rlim_cur == RLIM_INFINITY ? std::string("none") : std::to_string(limit.rlim_cur)) + ")";
}

std::string limit_behind(int error) {
  if (error == EMFILE)
    return limit_text(RLIMIT_NOFILE, "this process");
  return is_system_limit(error) ? "" : limit_text(RLIMIT_NPROC, "this user's processes and threads");
}

const char* remedy_of(int error) {
  switch (error) {
  case EMFILE:
    return "raise the limit of open files: ulimit -n, LimitNOFILE= of a service; or lower --decode-threads";
  case ENFILE:
    return "the whole system has too many files open: close some, or raise fs.file-max";
  case ENOMEM:
    return "free memory, or lower --decode-threads and --batch-size";
  default:
    return "raise it: ulimit -u, TasksMax= of a service, --pids-limit of a container; or lower "
           "--decode-threads";
  }
}

} // namespace

bool is_system_limit(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOMEM;
}

bool is_start_limit(int error) noexcept {
  return is_system_limit(error) || error == EAGAIN;
}

failure system_limit_reached(const std::string& doing, int error) {
  return {failure_kind::system_limit, doing + ": " + errno_text(error) + limit_behind(error),
          remedy_of(error)};
}

std::optional<failure> system_limit_in(const std::exception& thrown) {
  if (const auto* refused = dynamic_cast<const std::system_error*>(&thrown);
      refused && is_start_limit(refused->code().value()))
    return system_limit_reached("the system refuses a thread or a file", refused->code().value());
  if (dynamic_cast<const std::bad_alloc*>(&thrown))
    return system_limit_reached("the system refuses memory", ENOMEM);
  return std::nullopt;
}

} // namespace trainyard
