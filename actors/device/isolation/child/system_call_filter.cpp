// A seccomp program by hand, two instructions a call: libseccomp would be a dependency for a list.
#include "actors/device/isolation/child/system_call_filter.hpp"

#include <cerrno>

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

#include <cstddef>
#include <vector>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace trainyard {
namespace {

#ifdef __x86_64__
constexpr unsigned this_architecture = AUDIT_ARCH_X86_64;
#else
constexpr unsigned this_architecture = AUDIT_ARCH_AARCH64;
#endif

constexpr int allowed[] = {
    // the socket, and messages of libraries to /dev/null
    SYS_read, SYS_write, SYS_readv, SYS_writev,
    // memory
    SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise, SYS_futex,
    // time
    SYS_clock_gettime, SYS_gettimeofday, SYS_setitimer, SYS_nanosleep, SYS_clock_nanosleep, SYS_sched_yield,
    // its own end, by exit, abort or signal
    SYS_exit, SYS_exit_group, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_restart_syscall,
    SYS_getpid, SYS_gettid,
    // keys of the heap's own checks
    SYS_getrandom};

/// What libraries ask out of habit, and can do without.
constexpr int refused[] = {
    SYS_openat,     SYS_newfstatat,
    SYS_fstat,      SYS_statx,
    SYS_faccessat,  SYS_readlinkat,
    SYS_lseek,      SYS_ioctl,
    SYS_getcwd,     SYS_sysinfo,
    SYS_uname,      SYS_prlimit64,
    SYS_getrusage,  SYS_sched_getaffinity,
    SYS_getuid,     SYS_geteuid,
    SYS_getgid,     SYS_getegid,
#ifdef SYS_faccessat2
    SYS_faccessat2,
#endif
#ifdef __x86_64__
    SYS_open,       SYS_stat,
    SYS_lstat,      SYS_access,
    SYS_readlink,   SYS_getrlimit,
    SYS_time,
#endif
};

constexpr unsigned offset_of_argument(int which) {
  return static_cast<unsigned>(offsetof(seccomp_data, args)) + 8 * static_cast<unsigned>(which);
}

class filter_program {
public:
  void load(unsigned offset) { add(BPF_LD | BPF_W | BPF_ABS, offset); }
  void end(unsigned verdict) { add(BPF_RET | BPF_K, verdict); }
  void end_if_equal(unsigned value, unsigned verdict) {
    add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    end(verdict);
  }
  void end_unless_equal(unsigned value, unsigned verdict) {
    add(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
    end(verdict);
  }
  /// The call `number` is decided here, by one of its arguments; other calls go on.
  void end_call_unless_any_bit(int number, int argument, unsigned bits) {
    add(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(number), 0, 4);
    load(offset_of_argument(argument));
    add(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1);
    end(SECCOMP_RET_KILL_PROCESS);
    end(SECCOMP_RET_ALLOW);
  }
  void end_call_if_argument_is(int number, int argument, unsigned value) {
    add(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(number), 0, 4);
    load(offset_of_argument(argument));
    add(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
    end(SECCOMP_RET_KILL_PROCESS);
    end(SECCOMP_RET_ALLOW);
  }
  [[nodiscard]] sock_fprog get() { return {static_cast<unsigned short>(code_.size()), code_.data()}; }

private:
  void add(int operation, unsigned value, unsigned char if_true = 0, unsigned char if_false = 0) {
    code_.push_back({static_cast<unsigned short>(operation), if_true, if_false, value});
  }
  std::vector<sock_filter> code_;
};

filter_program program_of_this_process() {
  filter_program program;
  program.load(offsetof(seccomp_data, arch));
  program.end_unless_equal(this_architecture, SECCOMP_RET_KILL_PROCESS);
  program.load(offsetof(seccomp_data, nr));
  for (const int each : allowed)
    program.end_if_equal(static_cast<unsigned>(each), SECCOMP_RET_ALLOW);
  for (const int each : refused)
    program.end_if_equal(static_cast<unsigned>(each), SECCOMP_RET_ERRNO | EACCES);
  program.end_call_unless_any_bit(SYS_mmap, 2, PROT_EXEC); // no new code
  program.end_call_unless_any_bit(SYS_mprotect, 2, PROT_EXEC);
  program.end_call_if_argument_is(SYS_tgkill, 0, static_cast<unsigned>(::getpid())); // abort()
  program.end(SECCOMP_RET_KILL_PROCESS);
  return program;
}

} // namespace

bool has_system_call_filter() {
  unsigned verdict = SECCOMP_RET_KILL_PROCESS;
  return ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &verdict) == 0;
}

int filter_system_calls() {
  auto program = program_of_this_process();
  const auto code = program.get();
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &code) != 0)
    return errno;
  return 0;
}

} // namespace trainyard

#else

namespace trainyard {

bool has_system_call_filter() {
  return false;
}

int filter_system_calls() {
  return ENOSYS;
}

} // namespace trainyard

#endif
