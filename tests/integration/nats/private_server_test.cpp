// The private server: reachable for us only, and clear about what goes wrong.
#include "nodes/nats/private_server.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nodes/nats/server_login.hpp"
#include "tests/integration/nats/nats_world.hpp"
#include "tests/integration/nats/process_alive.hpp"

namespace trainyard::testing {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

std::uint16_t port_of(const std::string& url) {
  return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

TEST(private_server, starts_answers_its_token_and_stops_without_a_trace) {
  const temp_dir home;
  auto server = private_server::start({.parent_directory = home.path()});
  ASSERT_TRUE(server) << server.error().cause;
  EXPECT_TRUE(server->running());
  EXPECT_TRUE(server->url().starts_with("nats://127.0.0.1:"));
  EXPECT_EQ(server->token().size(), 64U);
  EXPECT_TRUE(try_login(port_of(server->url()), server->token(), 2s));
  const auto pid = server->server_pid();
  const auto watcher = server->watcher_pid();
  server->stop();
  EXPECT_FALSE(alive(pid));
  EXPECT_FALSE(alive(watcher));
  EXPECT_FALSE(server->running());
  EXPECT_TRUE(fs::is_empty(home.path()));
  server->stop();
}

TEST(private_server, refuses_every_login_but_its_token) {
  const temp_dir home;
  const auto server = private_server::start({.parent_directory = home.path()});
  ASSERT_TRUE(server) << server.error().cause;
  for (const std::string wrong :
       {"", "x", "0123456789012345678901234567890123456789012345678901234567890123"}) {
    const auto login = try_login(port_of(server->url()), wrong, 2s);
    ASSERT_FALSE(login);
    EXPECT_EQ(login.error().kind, failure_kind::nats_denied);
  }
}

TEST(private_server, keeps_its_token_out_of_argv_environment_and_foreign_eyes) {
  const temp_dir home;
  const auto server = private_server::start({.parent_directory = home.path()});
  ASSERT_TRUE(server) << server.error().cause;
  for (const auto pid : {server->server_pid(), server->watcher_pid()})
    for (const char* name : {"cmdline", "environ"})
      EXPECT_EQ(content("/proc/" + std::to_string(pid) + "/" + name).find(server->token()),
                std::string::npos);
  EXPECT_EQ(content(server->directory() / "server.log").find(server->token()), std::string::npos);
  struct stat info {};
  ASSERT_EQ(::stat(server->directory().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700U);
  ASSERT_EQ(::stat((server->directory() / "nats.conf").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST(private_server, inherits_no_descriptor_and_little_environment) {
  ::setenv("TRAINYARD_CANARY", "secret-of-the-parent", 1);
  int canary[2];
  ASSERT_EQ(::pipe(canary), 0); // on purpose without close-on-exec
  const temp_dir home;
  const auto server = private_server::start({.parent_directory = home.path()});
  ASSERT_TRUE(server) << server.error().cause;
  EXPECT_EQ(
      content("/proc/" + std::to_string(server->server_pid()) + "/environ").find("secret-of-the-parent"),
      std::string::npos);
  ::close(canary[1]);
  char byte = 0;
  EXPECT_EQ(::read(canary[0], &byte, 1), 0) << "somebody else still holds the pipe's write end";
  ::close(canary[0]);
}

TEST(private_server, does_not_hear_the_signals_of_the_terminal) {
  const temp_dir home;
  const auto server = private_server::start({.parent_directory = home.path()});
  ASSERT_TRUE(server) << server.error().cause;
  EXPECT_NE(::getpgid(server->server_pid()), ::getpgrp());
  for (const int each : {SIGINT, SIGTERM, SIGHUP})
    ::kill(server->watcher_pid(), each);
  EXPECT_TRUE(try_login(port_of(server->url()), server->token(), 2s));
  EXPECT_TRUE(server->running());
}

TEST(private_server, names_the_missing_binary_and_leaves_no_directory) {
  const temp_dir home;
  const auto server =
      private_server::start({.parent_directory = home.path(), .binary = "/nowhere/nats-server"});
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().kind, failure_kind::nats_server_missing);
  EXPECT_NE(server.error().cause.find("/nowhere/nats-server"), std::string::npos);
  EXPECT_FALSE(server.error().remedy.empty());
  EXPECT_TRUE(fs::is_empty(home.path()));
}

TEST(private_server, a_binary_that_only_exits_is_a_failure_at_once) {
  const temp_dir home;
  const auto before = std::chrono::steady_clock::now();
  const auto server = private_server::start({.parent_directory = home.path(), .binary = "/bin/false"});
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().kind, failure_kind::nats_unreachable);
  EXPECT_NE(server.error().cause.find("status 1"), std::string::npos) << server.error().cause;
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
  EXPECT_TRUE(fs::is_empty(home.path()));
}

TEST(private_server, a_binary_that_cannot_be_executed_is_a_failure_at_once) {
  const temp_dir home;
  const auto fake = home.write("bin/nats-server", "no program");
  fs::permissions(fake, fs::perms::owner_all);
  fs::create_directory(home.path() / "run");
  const auto server = private_server::start({.parent_directory = home.path() / "run", .binary = fake});
  ASSERT_FALSE(server);
  EXPECT_NE(server.error().cause.find("cannot be run"), std::string::npos) << server.error().cause;
  EXPECT_TRUE(fs::is_empty(home.path() / "run"));
}

TEST(private_server, one_that_never_comes_up_is_killed_at_the_deadline) {
  const temp_dir home;
  const auto fake = home.write("bin/nats-server", "#!/bin/sh\nexec sleep 1000\n");
  fs::permissions(fake, fs::perms::owner_all);
  fs::create_directory(home.path() / "run");
  const auto server = private_server::start(
      {.parent_directory = home.path() / "run", .binary = fake, .start_timeout = 300ms});
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().kind, failure_kind::nats_unreachable);
  EXPECT_TRUE(fs::is_empty(home.path() / "run"));
}

TEST(private_server, works_in_a_directory_with_an_awkward_name) {
  const temp_dir home;
  const auto odd = home.path() / "a \"b\" \\c $d {e} #f 'g'";
  fs::create_directory(odd);
  const auto server = private_server::start({.parent_directory = odd});
  ASSERT_TRUE(server) << server.error().cause;
  EXPECT_TRUE(fs::exists(server->directory() / "server.log"));
}

TEST(private_server, an_unwritable_parent_directory_is_named) {
  const auto server = private_server::start({.parent_directory = "/proc/nowhere"});
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().kind, failure_kind::output_unwritable);
  EXPECT_NE(server.error().cause.find("/proc/nowhere"), std::string::npos);
}

TEST(private_server, two_of_them_do_not_keep_each_other_alive) {
  const temp_dir home;
  auto first = private_server::start({.parent_directory = home.path()});
  auto second = private_server::start({.parent_directory = home.path()});
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->url(), second->url());
  EXPECT_NE(first->token(), second->token());
  const auto before = std::chrono::steady_clock::now();
  first->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
  EXPECT_TRUE(second->running());
}

} // namespace
} // namespace trainyard::testing
