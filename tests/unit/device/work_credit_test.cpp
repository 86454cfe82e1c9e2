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
  return credit; // the last one came out at start + (batches - 1) * each
}

TEST(work_credit, begins_small_and_has_none_without_devices) {
  work_credit credit(2, 5);
  EXPECT_EQ(credit.target(start), 0U);
  credit.set_devices(3);
  EXPECT_EQ(credit.target(start), 6U);
}

TEST(work_credit, a_fast_worker_holds_the_most_a_slow_one_the_least) {
  EXPECT_EQ(worked(1, 10ms).target(start + 190ms), 5U);
  EXPECT_EQ(worked(4, 10ms).target(start + 190ms), 20U);
  EXPECT_EQ(worked(1, 2s).target(start + 38s), 3U);
  EXPECT_EQ(worked(1, 60s).target(start + 19min), 1U);
}

TEST(work_credit, a_slow_device_gets_its_next_batch_when_half_of_this_one_is_over) {
  const auto slow = worked(1, 8s);
  const auto begun = start + 19 * 8s;
  EXPECT_EQ(slow.target(begun + 1s), 1U);
  EXPECT_EQ(slow.target(begun + 3900ms), 1U);
  EXPECT_EQ(slow.target(begun + 4100ms), 2U);
  EXPECT_EQ(slow.target(begun + 1h), 2U) << "and when it takes longer than usual";
}

TEST(work_credit, several_slow_devices_have_their_next_batches_ready_as_any_may_be_the_next_to_end) {
  EXPECT_EQ(worked(4, 4s).target(start + 19 * 4s), 8U);
}

TEST(work_credit, a_slow_device_that_waited_counts_from_when_its_batch_came) {
  auto credit = worked(1, 8s);
  credit.finished(start + 200s, false);
  EXPECT_EQ(credit.target(start + 900s), 1U) << "one will do to begin with";
  credit.began(start + 1000s);
  EXPECT_EQ(credit.target(start + 1001s), 1U);
  EXPECT_EQ(credit.target(start + 1020s), 2U);
}

TEST(work_credit, waiting_for_work_is_not_slowness) {
  work_credit credit(2, 5);
  credit.set_devices(1);
  for (int i = 0; i < 5; ++i) {
    credit.finished(start + i * 1h, true);
    credit.finished(start + i * 1h + 100ms, false);
  }
  EXPECT_EQ(credit.target(start), 5U);
}

TEST(work_credit, a_device_that_is_lost_takes_its_part_along) {
  auto credit = worked(2, 10ms);
  EXPECT_EQ(credit.target(start), 10U);
  credit.set_devices(1);
  EXPECT_EQ(credit.target(start), 5U);
}

} // namespace
} // namespace trainyard
