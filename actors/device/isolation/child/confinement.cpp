// Limits of the process, then the filter.
#include "actors/device/isolation/child/confinement.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <csignal>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "actors/device/isolation/child/system_call_filter.hpp"
#include "actors/device/isolation/decode_exchange.hpp"

namespace trainyard {
namespace {

/// Sanitizers map terabytes and read files when they report.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif

template <class Resource>
bool limit(Resource what, rlim_t most) {
  const rlimit both{most, most};
  return ::setrlimit(what, &both) == 0;
}

/// When the machine runs out of memory a decoder is the one to go: it costs one more try of one image.
void offer_to_be_killed_first() {
#ifdef __linux__
  const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0)
    return;
  [[maybe_unused]] const auto written = ::write(file, "800", 3);
  ::close(file);
#endif
}

/// RLIMIT_DATA counts private writable memory, mapped or from the heap. Not RLIMIT_AS: libraries alone take
/// hundreds of megabytes of that. macOS takes the limit and does not keep it.
bool limit_memory(std::uint64_t bytes) {
#ifdef __linux__
  return limit(RLIMIT_DATA, static_cast<rlim_t>(bytes));
#else
  limit(RLIMIT_DATA, static_cast<rlim_t>(bytes));
  return false;
#endif
}

} // namespace

void end_with_parent() {
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGKILL); // had it ended before, its end of the socket would be closed
#endif
}

void keep_only_descriptors_below(int first_closed) {
#if defined(__linux__) && defined(SYS_close_range)
  if (::syscall(SYS_close_range, static_cast<unsigned>(first_closed), ~0U, 0U) == 0)
    return;
#endif
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  const auto most = static_cast<int>(files.rlim_cur < 65'536 ? files.rlim_cur : 65'536);
  for (int each = first_closed; each < most; ++each)
    ::close(each);
}

result<std::uint32_t> confine(std::uint64_t memory_limit_bytes) {
  offer_to_be_killed_first();
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  if (is_sanitized) // it looks at memory through pipes of its own
    return 0;
  limit(RLIMIT_NOFILE, decoder_socket + 1);
  limit(RLIMIT_NPROC, 0);
  std::uint32_t confined = 0;
  if (limit_memory(memory_limit_bytes))
    confined |= static_cast<std::uint32_t>(confinement::memory_limit);
  if (has_system_call_filter()) {
    if (const int error = filter_system_calls(); error != 0)
      return fail(failure_kind::decoder_unavailable,
                  "the system call filter (seccomp) is refused: " + errno_text(error));
    confined |= static_cast<std::uint32_t>(confinement::system_call_filter);
  }
  return confined;
}

} // namespace trainyard
