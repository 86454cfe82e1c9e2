// Whoever is killed, parent, watcher or server: nothing is left behind and the rest is told.
#include "nodes/nats/private_server.hpp"

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#include "tests/integration/nats/nats_world.hpp"
#include "tests/integration/nats/process_alive.hpp"

namespace trainyard::testing {
namespace {

namespace fs = std::filesystem;

/// What a child process that started a server tells about it.
struct told {
  pid_t server = 0;
  pid_t watcher = 0;
  char directory[512] = {};
};

/// Forks a child that starts a server and then only waits to be killed.
pid_t start_in_child(const fs::path& home, told& about) {
  int ends[2];
  if (::pipe(ends) != 0)
    return -1;
  const pid_t child = ::fork();
  if (child == 0) {
    auto server = private_server::start({.parent_directory = home});
    told mine;
    if (server) {
      mine.server = server->server_pid();
      mine.watcher = server->watcher_pid();
      server->directory().string().copy(mine.directory, sizeof mine.directory - 1);
    }
    (void)!::write(ends[1], &mine, sizeof mine);
    while (true)
      ::pause();
  }
  ::close(ends[1]);
  const auto got = ::read(ends[0], &about, sizeof about);
  ::close(ends[0]);
  return got == sizeof about && about.server > 0 ? child : -1;
}

TEST(private_server_end, is_gone_with_its_directory_when_its_parent_is_killed) {
  const temp_dir home;
  told about;
  const pid_t child = start_in_child(home.path(), about);
  ASSERT_GT(child, 0);
  ASSERT_TRUE(alive(about.server));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(eventually(10s, [&] { return !alive(about.server) && !alive(about.watcher); }));
  EXPECT_TRUE(eventually(10s, [&] { return !fs::exists(about.directory); }));
}

TEST(private_server_end, is_gone_even_when_it_hangs_while_its_parent_is_killed) {
  const temp_dir home;
  told about;
  const pid_t child = start_in_child(home.path(), about);
  ASSERT_GT(child, 0);
  ::kill(about.server, SIGSTOP);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(eventually(10s, [&] { return !alive(about.server) && !fs::exists(about.directory); }));
}

#if defined(__linux__)
TEST(private_server_end, dies_with_a_killed_watcher_and_says_so) {
  const temp_dir home;
  auto server = private_server::start({.parent_directory = home.path()});
  ASSERT_TRUE(server) << server.error().cause;
  const auto pid = server->server_pid();
  ::kill(server->watcher_pid(), SIGKILL);
  EXPECT_TRUE(eventually(5s, [&] { return !alive(pid); }));
  EXPECT_TRUE(eventually(5s, [&] { return server->trouble().has_value(); }));
  server->stop();
  EXPECT_TRUE(fs::is_empty(home.path()));
}
#endif

TEST(private_server_end, tells_that_it_was_killed_and_how_its_log_ends) {
  const temp_dir home;
  auto server = private_server::start({.parent_directory = home.path()});
  ASSERT_TRUE(server) << server.error().cause;
  ::kill(server->server_pid(), SIGKILL);
  ASSERT_TRUE(eventually(5s, [&] { return server->trouble().has_value(); }));
  const auto why = *server->trouble();
  EXPECT_EQ(why.kind, failure_kind::nats_unreachable);
  EXPECT_NE(why.cause.find("signal 9"), std::string::npos) << why.cause;
  EXPECT_NE(why.cause.find("ready"), std::string::npos) << why.cause;
  EXPECT_EQ(why.cause.find(server->token()), std::string::npos);
}

} // namespace
} // namespace trainyard::testing
