// Forked, never exec'd: waits for our end or the server's, whichever is first. Async-signal-safe throughout,
// as it may be forked from a process that already has threads.
#include "nodes/nats/server_watcher.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "messages/system_limit.hpp"

namespace trainyard {

namespace {

/// All that the child needs, made before the fork because it must not allocate after it.
struct plan {
  std::vector<char*> argv;
  std::vector<char*> envp;
  const char* directory;
  int lifeline;
  int reports;
  int descriptors; ///< how many there may be
};

/// The descriptors that the watcher keeps, moved to fixed places so that everything above can be closed.
constexpr int kept_lifeline = 3;
constexpr int kept_reports = 4;

void report(watcher_report::what kind, int value) {
  const watcher_report record{kind, value};
  [[maybe_unused]] const auto written = ::write(kept_reports, &record, sizeof record);
}

void close_above(int last_kept, int descriptors) {
#if defined(__linux__) && defined(SYS_close_range)
  if (::syscall(SYS_close_range, static_cast<unsigned>(last_kept + 1), ~0U, 0U) == 0)
    return;
#endif
  for (int fd = last_kept + 1; fd < descriptors; ++fd)
    ::close(fd);
}

/// The pipes may sit anywhere, even on each other's target: lift both out of the way first.
bool keep_only_our_descriptors(const plan& what) {
  const int lifeline = ::fcntl(what.lifeline, F_DUPFD, 16);
  const int reports = ::fcntl(what.reports, F_DUPFD, 16);
  const int null = ::open("/dev/null", O_RDWR);
  if (lifeline < 0 || reports < 0 || null < 0)
    return false;
  for (int fd = 0; fd <= 2; ++fd)
    ::dup2(null, fd);
  ::dup2(lifeline, kept_lifeline);
  ::dup2(reports, kept_reports);
  ::fcntl(kept_lifeline, F_SETFD, FD_CLOEXEC);
  ::fcntl(kept_reports, F_SETFD, FD_CLOEXEC);
  close_above(kept_reports, what.descriptors);
  return true;
}

void on_child(int) {}

void set_signals(void (*disposition)(int)) {
  for (const int each :
       {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGTSTP, SIGTTIN, SIGTTOU})
    ::signal(each, disposition);
}

[[noreturn]] void become_server(const plan& what, [[maybe_unused]] pid_t watcher) {
#if defined(__linux__)
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != watcher)
    ::_exit(127);
#endif
  set_signals(SIG_DFL);
  ::signal(SIGCHLD, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(what.argv[0], what.argv.data(), what.envp.data());
  report(watcher_report::what::exec_failed, errno);
  ::_exit(127);
}

/// Returns when the lifeline has ended; the server is reaped by then.
void watch(pid_t server) {
  sigset_t open;
  ::sigemptyset(&open);
  bool alive = true;
  while (true) {
    int status = 0;
    if (alive && ::waitpid(server, &status, WNOHANG) == server) {
      alive = false;
      report(watcher_report::what::ended, status);
    }
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(kept_lifeline, &readable);
    if (::pselect(kept_lifeline + 1, &readable, nullptr, nullptr, nullptr, &open) > 0)
      break;
  }
  if (!alive)
    return;
  ::kill(server, SIGKILL);
  while (::waitpid(server, nullptr, 0) < 0 && errno == EINTR) {
  }
}

[[noreturn]] void run_watcher(const plan& what) {
  ::setsid(); // a Ctrl-C at the terminal goes to the whole process group: not to this one
  set_signals(SIG_IGN);
  struct sigaction child {};
  child.sa_handler = on_child;
  ::sigaction(SIGCHLD, &child, nullptr);
  sigset_t all;
  ::sigfillset(&all); // only pselect lets a signal in, so that no end of the server is missed
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
#if defined(__linux__)
  ::prctl(PR_SET_NAME, "trainyard-watch");
#endif
  if (!keep_only_our_descriptors(what) || ::chdir("/") != 0)
    ::_exit(126);
  const pid_t self = ::getpid();
  const pid_t server = ::fork();
  if (server == 0)
    become_server(what, self);
  if (server > 0) {
    report(watcher_report::what::started, server);
    watch(server);
  } else {
    report(watcher_report::what::exec_failed, errno);
  }
  // rm rather than our own walk: walking a tree allocates, which a forked child of threads must not do.
  char name[] = "rm", how[] = "-rf", end[] = "--";
  char* const arguments[] = {name, how, end, const_cast<char*>(what.directory), nullptr};
  ::execve("/bin/rm", arguments, what.envp.data());
  ::_exit(125);
}

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const auto& each : texts)
    list.push_back(const_cast<char*>(each.c_str()));
  list.push_back(nullptr);
  return list;
}

bool make_pipe(int (&ends)[2]) {
  if (::pipe(ends) != 0)
    return false;
  ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  ::fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  return true;
}

int descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 65'536));
}

} // namespace

result<watcher_process> start_watcher(const watched_command& command) {
  int lifeline[2], reports[2];
  if (!make_pipe(lifeline))
    return tl::unexpected(system_limit_reached("a pipe to the private nats-server", errno));
  if (!make_pipe(reports)) {
    const int error = errno;
    ::close(lifeline[0]), ::close(lifeline[1]);
    return tl::unexpected(system_limit_reached("a pipe to the private nats-server", error));
  }
  const plan what{pointers_to(command.arguments),
                  pointers_to(command.environment),
                  command.directory.c_str(),
                  lifeline[0],
                  reports[1],
                  descriptor_limit()};
  sigset_t all, before;
  ::sigfillset(&all); // no handler of ours may run in the child before it has set its own
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  if (pid == 0)
    run_watcher(what);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::close(lifeline[0]), ::close(reports[1]);
  ::fcntl(reports[0], F_SETFL, O_NONBLOCK);
  if (pid > 0)
    return watcher_process{pid, lifeline[1], reports[0]};
  ::close(lifeline[1]), ::close(reports[0]);
  return tl::unexpected(system_limit_reached("a process for the private nats-server", error));
}

} // namespace trainyard
