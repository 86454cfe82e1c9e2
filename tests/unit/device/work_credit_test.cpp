// A fast worker holds many batches, a slow one few.
#include "actors/device/work_credit.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

using namespace std::chrono_literals;
const work_credit::time_point start{};

work_credit worked(std::size_t devices, std::chrono::milliseconds each, int batches = 20) {
  work_credit credit(2, 5);
  credit.set_devices(devices);
  for (int i = 0; i < batches; ++i)
    credit.finished(start + i * each, true);
  return credit;
}

TEST(work_credit, begins_small_and_has_none_without_devices) {
  work_credit credit(2, 5);
  EXPECT_EQ(credit.target(), 0U);
  credit.set_devices(3);
  EXPECT_EQ(credit.target(), 6U);
}

TEST(work_credit, a_fast_worker_holds_the_most_a_slow_one_the_least) {
  EXPECT_EQ(worked(1, 10ms).target(), 5U);
  EXPECT_EQ(worked(4, 10ms).target(), 20U);
  EXPECT_EQ(worked(1, 2s).target(), 3U);
  EXPECT_EQ(worked(1, 60s).target(), 2U);
}

TEST(work_credit, waiting_for_work_is_not_slowness) {
  work_credit credit(2, 5);
  credit.set_devices(1);
  for (int i = 0; i < 5; ++i) {
    credit.finished(start + i * 1h, true);
    credit.finished(start + i * 1h + 100ms, false);
  }
  EXPECT_EQ(credit.target(), 5U);
}

TEST(work_credit, a_device_that_is_lost_takes_its_part_along) {
  auto credit = worked(2, 10ms);
  EXPECT_EQ(credit.target(), 10U);
  credit.set_devices(1);
  EXPECT_EQ(credit.target(), 5U);
}

} // namespace
} // namespace trainyard
