// fork and exec with redirected output.
#include "tests/support/child_process.hpp"

#include <csignal>
#include <fstream>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/eventually.hpp"

extern char** environ; // NOLINT: POSIX names it so

namespace trainyard::testing {

namespace {

void redirect(const std::filesystem::path& file, int descriptor) {
  const int opened = ::open(file.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  ::dup2(opened, descriptor);
  ::close(opened);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (auto& each : texts)
    list.push_back(each.data());
  list.push_back(nullptr);
  return list;
}

} // namespace

child_process::child_process(const std::filesystem::path& folder, std::vector<std::string> arguments,
                             std::vector<std::string> environment) {
  static int number = 0;
  out_ = folder / ("stdout-" + std::to_string(++number));
  err_ = folder / ("stderr-" + std::to_string(number));
  for (auto* each = environ; *each; ++each)
    environment.emplace_back(*each); // the first of two equal names wins
  auto argv = pointers(arguments);
  auto envp = pointers(environment);
  pid_ = ::fork();
  if (pid_ != 0)
    return;
  redirect(out_, 1);
  redirect(err_, 2);
  environ = envp.data();
  ::execvp(argv[0], argv.data()); // a name without a slash is looked for in PATH
  ::_exit(127);
}

child_process::~child_process() {
  if (!running())
    return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void child_process::signal(int number) const {
  ::kill(pid_, number);
}

bool child_process::running() {
  int raw = 0;
  if (!status_ && ::waitpid(pid_, &raw, WNOHANG) == pid_)
    status_ = WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
  return !status_;
}

std::optional<finished_process> child_process::wait(std::chrono::milliseconds deadline) {
  if (!eventually(deadline, [this] { return !running(); }))
    return std::nullopt;
  return finished_process{*status_, content_of(out_), content_of(err_)};
}

std::string child_process::err_so_far() const {
  return content_of(err_);
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

} // namespace trainyard::testing
