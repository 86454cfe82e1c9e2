// What managers are told, and how a call ends.
#include "nodes/service/manager_calls.hpp"

#include <gmock/gmock.h>

namespace trainyard {
namespace {

using ::testing::HasSubstr;

service_plan plan_of(service_manager manager, bool of_system) {
  return {.role = "worker", .manager = manager, .of_system = of_system, .file = "/f"};
}

TEST(manager_calls, speak_to_the_manager_of_the_user_or_of_the_system) {
  const auto own = calls_to_start(plan_of(service_manager::systemd, false), 1000);
  EXPECT_EQ(typed(own.at(0)), "systemctl --user daemon-reload");
  EXPECT_EQ(typed(own.at(1)), "systemctl --user enable --now trainyard-worker.service");
  EXPECT_EQ(typed(calls_to_stop(plan_of(service_manager::systemd, true), 0).at(0)),
            "systemctl disable --now trainyard-worker.service");
  EXPECT_EQ(typed(calls_to_start(plan_of(service_manager::launchd, false), 501).at(0)),
            "launchctl bootstrap gui/501 /f");
  EXPECT_EQ(typed(calls_to_stop(plan_of(service_manager::launchd, true), 0).at(0)),
            "launchctl bootout system/org.trainyard.worker");
}

TEST(manager_calls, are_shown_as_a_shell_takes_them) {
  EXPECT_EQ(typed({"a", "b c", "d'e", ""}), "a 'b c' 'd'\\''e' ''");
}

TEST(manager_calls, end_with_status_and_all_output) {
  const auto end = make({"sh", "-c", "echo out; echo err >&2; exit 3"});
  EXPECT_EQ(end.status, 3);
  EXPECT_EQ(end.output, "out\nerr\n");
}

TEST(manager_calls, of_a_program_that_is_not_there_say_so) {
  const auto end = make({"no-such-program-here"});
  EXPECT_EQ(end.status, 127);
  EXPECT_THAT(end.output, HasSubstr("no-such-program-here"));
}

} // namespace
} // namespace trainyard
