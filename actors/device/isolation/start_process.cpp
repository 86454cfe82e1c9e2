// posix_spawn, which stays quick however large this process is.
#include "actors/device/isolation/start_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include <fcntl.h>
#include <spawn.h>

#include "actors/disk/owned_fd.hpp"
#include "messages/system_limit.hpp"

namespace trainyard {
namespace {

/// Secrets of ours may stand in the environment: a decoder gets a list of names, not all but a list.
constexpr const char* passed_on[] = {"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH",
                                     "ASAN_OPTIONS",    "UBSAN_OPTIONS",     "TSAN_OPTIONS"};

std::vector<std::string> small_environment() {
  std::vector<std::string> variables;
  for (const char* name : passed_on)
    if (const char* value = std::getenv(name))
      variables.push_back(std::string(name) + "=" + value);
  return variables;
}

class spawn_actions {
public:
  spawn_actions() { ::posix_spawn_file_actions_init(&actions_); }
  ~spawn_actions() { ::posix_spawn_file_actions_destroy(&actions_); }
  spawn_actions(const spawn_actions&) = delete;
  spawn_actions& operator=(const spawn_actions&) = delete;
  void open_null(int target, int flags) {
    ::posix_spawn_file_actions_addopen(&actions_, target, "/dev/null", flags, 0);
  }
  void put(int from, int target) { ::posix_spawn_file_actions_adddup2(&actions_, from, target); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
  posix_spawn_file_actions_t actions_{};
};

class spawn_attributes {
public:
  spawn_attributes() {
    ::posix_spawnattr_init(&attributes_);
    short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
#ifdef POSIX_SPAWN_CLOEXEC_DEFAULT
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
    ::posix_spawnattr_setflags(&attributes_, flags);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t blocked;
    ::sigemptyset(&blocked);
    for (const int each : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGTSTP})
      ::sigaddset(&blocked, each);
    ::posix_spawnattr_setsigmask(&attributes_, &blocked);
    sigset_t all;
    ::sigfillset(&all);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
  }
  ~spawn_attributes() {
    ::posix_spawnattr_destroy(&attributes_);
  }
  spawn_attributes(const spawn_attributes&) = delete;
  spawn_attributes& operator=(const spawn_attributes&) = delete;
  [[nodiscard]] const posix_spawnattr_t* get() const {
    return &attributes_;
  }

private:
  posix_spawnattr_t attributes_{};
};

} // namespace

result<pid_t> start_process(const std::filesystem::path& program, const std::array<int, 3>& descriptors) {
  constexpr int out_of_the_way = 16; // a descriptor may sit on another one's target
  spawn_actions actions;
  actions.open_null(0, O_RDONLY);
  actions.open_null(1, O_WRONLY);
  actions.open_null(2, O_WRONLY);
  std::array<owned_fd, 3> lifted;
  for (std::size_t i = 0; i < descriptors.size(); ++i) {
    lifted[i] = owned_fd(::fcntl(descriptors[i], F_DUPFD_CLOEXEC, out_of_the_way));
    if (!lifted[i])
      return tl::unexpected(system_limit_reached("descriptors for a decoder", errno));
    actions.put(lifted[i].get(), 3 + static_cast<int>(i));
  }
  auto name = program.string();
  auto variables = small_environment();
  std::vector<char*> environment;
  for (auto& each : variables)
    environment.push_back(each.data());
  environment.push_back(nullptr);
  char* const arguments[] = {name.data(), nullptr};
  const spawn_attributes attributes;
  pid_t pid = -1;
  const int error =
      ::posix_spawn(&pid, name.c_str(), actions.get(), attributes.get(), arguments, environment.data());
  if (is_start_limit(error))
    return tl::unexpected(system_limit_reached("cannot start " + name, error));
  if (error != 0)
    return fail(failure_kind::decoder_unavailable, "cannot start " + name + ": " + errno_text(error),
                "install trainyard-decode beside trainyard, or give --decoder PATH");
  return pid;
}

} // namespace trainyard
