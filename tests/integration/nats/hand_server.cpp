// fork, exec, and a login to know that it is up.
#include "tests/integration/nats/hand_server.hpp"

#include <csignal>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include "nodes/nats/random_text.hpp"
#include "nodes/nats/server_files.hpp"
#include "nodes/nats/server_login.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/free_port.hpp"

namespace trainyard::testing {

using namespace std::chrono_literals;

hand_server::hand_server() : token_("hand-" + random_hex(8)) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    port_ = free_port();
    if (comes_up())
      return;
  }
  throw std::runtime_error("nats-server does not come up");
}

hand_server::~hand_server() {
  kill();
}

void hand_server::start() {
  if (!comes_up())
    throw std::runtime_error("nats-server does not come up again on port " + std::to_string(port_));
}

bool hand_server::comes_up() {
  const auto config = home_.path() / "nats.conf";
  std::filesystem::remove(config);
  const auto written = write_server_config({home_.path(), token_, port_, 1ULL << 30, 64ULL << 20, 8U << 20});
  const auto binary = find_nats_server({});
  if (!written || !binary)
    throw std::runtime_error("no nats-server");
  pid_ = ::fork();
  if (pid_ == 0) {
    const int null = ::open("/dev/null", O_RDWR);
    ::dup2(null, 1), ::dup2(null, 2);
#if defined(__linux__)
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // a test that crashes leaves no server behind
#endif
    ::execl(binary->c_str(), "nats-server", "-c", config.c_str(), nullptr);
    ::_exit(127);
  }
  bool gone = false, up = false;
  (void)eventually(30s, [&] {
    gone = ::waitpid(pid_, nullptr, WNOHANG) != 0; // somebody else listens there
    up = !gone && try_login(port_, token_, 1s).has_value();
    return gone || up;
  });
  if (gone)
    pid_ = -1;
  if (!up)
    kill();
  return up;
}

void hand_server::kill() {
  if (pid_ <= 0)
    return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void hand_server::halt() const {
  ::kill(pid_, SIGSTOP);
  ::waitpid(pid_, nullptr, WUNTRACED); // it runs on for a moment after the signal
}
void hand_server::go_on() const {
  ::kill(pid_, SIGCONT);
}
void hand_server::lose_store() {
  std::filesystem::remove_all(home_.path() / "store");
}

connection_options hand_server::login() const {
  connection_options with;
  with.urls = {"nats://127.0.0.1:" + std::to_string(port_)};
  with.token = token_;
  with.ping_interval = 300ms;
  with.reconnect_wait = 50ms;
  return with;
}

} // namespace trainyard::testing
