// The datagrams that systemd reads, on a real socket.
#include "nodes/service/notice.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/support/notify_socket.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;

struct notice_test : ::testing::Test {
  temp_dir dir;
  std::string path = (dir.path() / "notify").string();
  notify_socket manager{path};

  void TearDown() override {
    for (const auto* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
      ::unsetenv(name);
  }
};

TEST_F(notice_test, says_ready_with_a_status_in_one_message) {
  service_notice(path).ready("Worker w1 takes work");
  EXPECT_EQ(manager.next(5s), "READY=1\nSTATUS=Worker w1 takes work");
}

TEST_F(notice_test, says_its_status_its_life_and_its_end) {
  const service_notice notice(path);
  notice.status("waiting");
  notice.alive();
  notice.stopping("draining");
  EXPECT_EQ(manager.next(5s), "STATUS=waiting");
  EXPECT_EQ(manager.next(5s), "WATCHDOG=1");
  EXPECT_EQ(manager.next(5s), "STOPPING=1\nSTATUS=draining");
}

TEST_F(notice_test, makes_no_second_assignment_of_a_status) {
  service_notice(path).status("a\nREADY=1");
  EXPECT_EQ(manager.next(5s), "STATUS=a READY=1");
}

TEST_F(notice_test, reaches_a_name_without_a_file) {
  const auto name = "@trainyard-test-" + std::to_string(::getpid());
  const notify_socket abstract(name);
  service_notice(name).alive();
  EXPECT_EQ(abstract.next(5s), "WATCHDOG=1");
}

TEST_F(notice_test, takes_its_variables_so_that_no_child_speaks_for_it) {
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  ::setenv("WATCHDOG_USEC", "3000000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  const auto notice = service_notice::of_environment();
  EXPECT_EQ(notice.sign_of_life_after(), 1500ms);
  EXPECT_FALSE(std::getenv("NOTIFY_SOCKET"));
  EXPECT_FALSE(std::getenv("WATCHDOG_USEC"));
  notice.alive();
  EXPECT_EQ(manager.next(5s), "WATCHDOG=1");
}

TEST_F(notice_test, gives_no_signs_of_life_that_another_process_owes) {
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  ::setenv("WATCHDOG_USEC", "3000000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  EXPECT_FALSE(service_notice::of_environment().sign_of_life_after());
}

TEST_F(notice_test, is_of_no_effect_where_nobody_listens) {
  for (const auto& where : {std::string(), std::string("relative"), (dir.path() / "nobody").string(),
                            "/" + std::string(200, 'x')})
    service_notice(where).ready("x");
  EXPECT_FALSE(service_notice::of_environment().sign_of_life_after());
  EXPECT_EQ(manager.next(0ms), "");
}

} // namespace
} // namespace trainyard::testing
