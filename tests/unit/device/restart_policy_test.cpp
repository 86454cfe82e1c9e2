// Back-off doubles up to a ceiling; a device that worked starts anew; one that never works is given up.
#include "actors/device/restart_policy.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

using std::chrono::milliseconds;

TEST(restart_policy, doubles_the_delay_and_then_gives_up) {
  restart_policy policy(4, milliseconds(100), milliseconds(300));
  EXPECT_EQ(policy.lost(), milliseconds(100));
  EXPECT_EQ(policy.lost(), milliseconds(200));
  EXPECT_EQ(policy.lost(), milliseconds(300));
  EXPECT_EQ(policy.lost(), milliseconds(300));
  EXPECT_EQ(policy.lost(), std::nullopt);
}

TEST(restart_policy, forgets_losses_once_the_device_has_finished_a_batch) {
  restart_policy policy(1, milliseconds(100));
  EXPECT_TRUE(policy.lost());
  policy.proved();
  EXPECT_EQ(policy.lost(), milliseconds(100));
  EXPECT_FALSE(policy.lost());
}

} // namespace
} // namespace trainyard
