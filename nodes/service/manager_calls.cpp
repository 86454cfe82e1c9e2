// systemctl and launchctl, found on PATH.
#include "nodes/service/manager_calls.hpp"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actors/disk/owned_fd.hpp"

extern char** environ; // POSIX, declared by no header on macOS

namespace trainyard {
namespace {

program_call systemctl(const service_plan& plan, std::vector<std::string> words) {
  program_call call{"systemctl"};
  if (!plan.of_system)
    call.emplace_back("--user");
  call.insert(call.end(), std::make_move_iterator(words.begin()), std::make_move_iterator(words.end()));
  return call;
}

std::string domain_of(const service_plan& plan, unsigned user_id) {
  return plan.of_system ? "system" : "gui/" + std::to_string(user_id);
}

bool by_systemd(const service_plan& plan) {
  return plan.manager == service_manager::systemd;
}

std::string read_to_end(int fd) {
  std::string text;
  std::array<char, 4096> block{};
  for (;;) {
    const auto got = ::read(fd, block.data(), block.size());
    if (got > 0)
      text.append(block.data(), static_cast<std::size_t>(got));
    else if (got == 0 || errno != EINTR)
      return text;
  }
}

} // namespace

std::vector<program_call> calls_to_start(const service_plan& plan, unsigned user_id) {
  if (by_systemd(plan))
    return {systemctl(plan, {"daemon-reload"}), systemctl(plan, {"enable", "--now", service_name(plan)})};
  return {{"launchctl", "bootstrap", domain_of(plan, user_id), plan.file.string()}};
}

std::vector<program_call> calls_to_stop(const service_plan& plan, unsigned user_id) {
  if (by_systemd(plan))
    return {systemctl(plan, {"disable", "--now", service_name(plan)})};
  return {{"launchctl", "bootout", domain_of(plan, user_id) + "/" + service_name(plan)}};
}

std::vector<program_call> calls_to_forget(const service_plan& plan) {
  if (by_systemd(plan))
    return {systemctl(plan, {"daemon-reload"})};
  return {};
}

program_call call_for_state(const service_plan& plan, unsigned user_id) {
  if (by_systemd(plan))
    return systemctl(plan, {"is-active", service_name(plan)});
  return {"launchctl", "print", domain_of(plan, user_id) + "/" + service_name(plan)};
}

std::string typed(const program_call& call) {
  std::string line;
  for (const auto& each : call) {
    const bool plain = each.find_first_of(" \t\n'\"\\$`&;|<>()*?[]{}~#!") == each.npos && !each.empty();
    std::string word = plain ? each : "'";
    if (!plain) {
      for (const char one : each)
        one == '\'' ? word += "'\\''" : word += one;
      word += '\'';
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return line;
}

call_end make(const program_call& call) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe(ends.data()) != 0)
    return {126, errno_text(errno)};
  const owned_fd reading(ends[0]);
  owned_fd writing(ends[1]);
  ::fcntl(reading.get(), F_SETFD, FD_CLOEXEC);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, writing.get(), 1);
  ::posix_spawn_file_actions_adddup2(&actions, writing.get(), 2);
  ::posix_spawn_file_actions_addclose(&actions, writing.get());
  std::vector<char*> arguments;
  for (const auto& each : call)
    arguments.push_back(const_cast<char*>(each.c_str())); // as exec wants it; it changes nothing
  arguments.push_back(nullptr);
  pid_t child = -1;
  const int error = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  writing = owned_fd();
  if (error != 0)
    return {127, call.front() + ": " + errno_text(error)};
  call_end end{0, read_to_end(reading.get())};
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return end;
}

} // namespace trainyard
