// A worker's batches: oldest first, to the least loaded device, and none is lost with a device.
#include "actors/device/work_book.hpp"

#include <gtest/gtest.h>

#include "actors/device/prepared_batch.hpp"

namespace trainyard {
namespace {

std::shared_ptr<const work_batch> batch(std::uint64_t number) {
  work_batch work;
  work.session = "s";
  work.batch = number;
  return std::make_shared<const work_batch>(std::move(work));
}

ticket add_ready(work_book& book, std::uint64_t number) {
  const auto added = book.add("ack", batch(number));
  book.prepared(added, std::make_shared<const prepared_batch>());
  return added;
}

TEST(work_book, gives_nothing_to_a_device_before_the_batch_is_read) {
  work_book book;
  book.device_up(0, 1);
  book.add("ack", batch(1));
  EXPECT_EQ(book.assign(), std::nullopt);
}

TEST(work_book, gives_the_oldest_ready_batch_first_and_no_more_than_the_slots) {
  work_book book;
  book.device_up(0, 2);
  const auto first = add_ready(book, 10);
  const auto second = add_ready(book, 11);
  add_ready(book, 12);
  EXPECT_EQ(book.assign(), (std::pair{first, 0U}));
  EXPECT_EQ(book.assign(), (std::pair{second, 0U}));
  EXPECT_EQ(book.assign(), std::nullopt);
}

TEST(work_book, spreads_batches_over_devices) {
  work_book book;
  book.device_up(0, 2);
  book.device_up(1, 2);
  for (std::uint64_t i = 0; i < 4; ++i)
    add_ready(book, i);
  std::map<std::uint32_t, int> given;
  while (const auto next = book.assign())
    ++given[next->second];
  EXPECT_EQ(given, (std::map<std::uint32_t, int>{{0, 2}, {1, 2}}));
}

TEST(work_book, a_finished_batch_makes_room_for_the_next) {
  work_book book;
  book.device_up(0, 1);
  const auto first = add_ready(book, 1);
  const auto second = add_ready(book, 2);
  ASSERT_TRUE(book.assign());
  book.finished(first, std::make_shared<const std::vector<std::byte>>());
  EXPECT_EQ(book.assign(), (std::pair{second, 0U}));
  EXPECT_EQ(book.find(first)->state, work_state::publishing);
  EXPECT_EQ(book.find(first)->prepared, nullptr) << "pixels must not be kept while a result travels";
}

TEST(work_book, what_a_lost_device_had_goes_to_the_next_device) {
  work_book book;
  book.device_up(0, 2);
  const auto first = add_ready(book, 1);
  const auto second = add_ready(book, 2);
  (void)book.assign();
  (void)book.assign();
  EXPECT_EQ(book.device_down(0), (std::vector{first, second}));
  EXPECT_EQ(book.find(first)->devices_lost, 1U);
  EXPECT_EQ(book.find(second)->devices_lost, 0U) << "the device had not begun it";
  EXPECT_EQ(book.assign(), std::nullopt);
  book.device_up(1, 1);
  EXPECT_EQ(book.assign(), (std::pair{first, 1U}));
}

TEST(work_book, a_batch_is_not_suspected_when_its_device_was_short_of_memory) {
  work_book book;
  book.device_up(0, 1);
  const auto first = add_ready(book, 1);
  (void)book.assign();
  EXPECT_EQ(book.device_down(0, /*suspects_work=*/false), std::vector{first});
  EXPECT_EQ(book.find(first)->devices_lost, 0U);
  EXPECT_EQ(book.find(first)->state, work_state::ready);
}

TEST(work_book, a_late_result_of_a_released_batch_changes_nothing) {
  work_book book;
  book.device_up(0, 1);
  const auto first = add_ready(book, 1);
  (void)book.assign();
  book.release(first);
  book.finished(first, nullptr);
  EXPECT_EQ(book.size(), 0U);
  EXPECT_EQ(book.find(first), nullptr);
}

TEST(work_book, knows_a_redelivery_of_what_it_still_holds) {
  work_book book;
  const auto first = book.add("ack", batch(5));
  EXPECT_EQ(book.holding(*batch(5)), first);
  EXPECT_EQ(book.holding(*batch(6)), std::nullopt);
  auto other = *batch(5);
  other.session = "t";
  EXPECT_EQ(book.holding(other), std::nullopt);
  auto piece = *batch(5);
  piece.piece = {0, 1};
  EXPECT_EQ(book.holding(piece), std::nullopt);
}

TEST(work_book, a_released_batch_frees_its_devices_slot) {
  work_book book;
  book.device_up(0, 1);
  const auto first = add_ready(book, 1);
  ASSERT_TRUE(book.assign());
  book.release(first);
  const auto second = add_ready(book, 2);
  EXPECT_EQ(book.assign(), (std::pair{second, 0U}));
}

} // namespace
} // namespace trainyard
