// Names of signals: a table of ours, as no function for it is on every system.
#include "actors/device/isolation/process_end.hpp"

#include <csignal>

#include <sys/wait.h>

namespace trainyard {
namespace {

struct signal_name {
  int number;
  const char* name;
};

constexpr signal_name names[] = {
    {SIGSEGV, "SIGSEGV"},
    {SIGABRT, "SIGABRT"},
    {SIGBUS, "SIGBUS"},
    {SIGFPE, "SIGFPE"},
    {SIGILL, "SIGILL"},
    {SIGTRAP, "SIGTRAP"},
    {SIGKILL, "SIGKILL"},
    {SIGTERM, "SIGTERM"},
    {SIGALRM, "SIGALRM"},
    {SIGXCPU, "SIGXCPU"},
    {SIGXFSZ, "SIGXFSZ"},
    {SIGSYS, "SIGSYS: it asked the system "
             "for what a decoder may not have"},
};

} // namespace

std::string text_of_end(int status) {
  if (!WIFSIGNALED(status))
    return "exit status " + std::to_string(WEXITSTATUS(status));
  const int number = WTERMSIG(status);
  std::string text = "signal " + std::to_string(number);
  for (const auto& known : names)
    if (known.number == number)
      text += std::string(" (") + known.name + ")";
  return text;
}

bool was_killed(int status) {
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

} // namespace trainyard
