// A wait status in words.
#include "actors/device/isolation/process_end.hpp"

#include <csignal>

#include <gtest/gtest.h>

namespace trainyard {
namespace {

TEST(process_end, names_the_signal_by_number_and_name) {
  EXPECT_EQ(text_of_end(SIGSEGV), "signal 11 (SIGSEGV)");
  EXPECT_EQ(text_of_end(SIGABRT), "signal 6 (SIGABRT)");
  EXPECT_EQ(text_of_end(SIGWINCH), "signal " + std::to_string(SIGWINCH));
  EXPECT_EQ(text_of_end(127 << 8), "exit status 127");
}

TEST(process_end, tells_a_kill_from_outside_from_a_crash) {
  EXPECT_TRUE(was_killed(SIGKILL));
  EXPECT_FALSE(was_killed(SIGSEGV));
  EXPECT_FALSE(was_killed(SIGKILL << 8)) << "an exit status of 9";
}

} // namespace
} // namespace trainyard
