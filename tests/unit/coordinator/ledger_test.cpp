// A batch is done once, stays done over restarts, and its file goes when nobody needs it.
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "actors/coordinator/ledger.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::temp_dir;

std::vector<std::byte> payload(std::uint64_t batch, char mark = 'a') {
  std::vector<std::byte> bytes(batch * 7 % 50, std::byte(mark));
  bytes.push_back(std::byte(batch));
  return bytes;
}

std::size_t files_in(const std::filesystem::path& directory) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(directory), {}));
}

TEST(ledger, gives_back_what_it_was_given_before_and_after_a_restart) {
  const temp_dir directory;
  {
    auto first = ledger::open(directory.path() / "new" / "ledger", 1, 0);
    ASSERT_TRUE(first) << first.error().cause;
    for (const std::uint64_t batch : {7, 0, 3})
      ASSERT_TRUE(first->append(batch, payload(batch)));
    ASSERT_TRUE(first->append(4, {}));
    ASSERT_TRUE(first->sync());
    EXPECT_EQ(*first->read(7), payload(7));
  }
  auto second = ledger::open(directory.path() / "new" / "ledger", 2, 0);
  ASSERT_TRUE(second);
  EXPECT_THAT(second->done_batches(), ElementsAre(0, 3, 4, 7));
  for (const std::uint64_t batch : {7, 0, 3})
    EXPECT_EQ(*second->read(batch), payload(batch));
  EXPECT_TRUE(second->read(4)->empty());
  EXPECT_FALSE(second->is_done(1));
  EXPECT_FALSE(second->read(1));
}

TEST(ledger, refuses_a_batch_that_is_done) {
  const temp_dir directory;
  auto book = ledger::open(directory.path(), 1, 5);
  ASSERT_TRUE(book->append(6, payload(6)));
  EXPECT_FALSE(book->append(6, payload(6, 'b')));
  EXPECT_FALSE(book->append(4, payload(4))); // below the floor
  EXPECT_EQ(*book->read(6), payload(6));
  auto next = ledger::open(directory.path(), 2, 5);
  EXPECT_FALSE(next->append(6, payload(6, 'b')));
}

TEST(ledger, ignores_what_lies_below_the_first_batch) {
  const temp_dir directory;
  {
    auto book = ledger::open(directory.path(), 1, 0);
    for (std::uint64_t batch = 0; batch < 10; ++batch)
      ASSERT_TRUE(book->append(batch, payload(batch)));
  }
  auto book = ledger::open(directory.path(), 2, 8);
  EXPECT_THAT(book->done_batches(), ElementsAre(8, 9));
  EXPECT_TRUE(book->is_done(0));
  EXPECT_EQ(book->floor(), 8U);
}

TEST(ledger, lets_one_owner_in_per_epoch_and_none_of_the_past) {
  const temp_dir directory;
  EXPECT_EQ(*ledger::last_epoch(directory.path() / "none"), 0U);
  ASSERT_TRUE(ledger::open(directory.path(), 3, 0));
  EXPECT_EQ(*ledger::last_epoch(directory.path()), 3U);
  for (const std::uint64_t epoch : {1, 2, 3}) {
    const auto late = ledger::open(directory.path(), epoch, 0);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, failure_kind::output_busy);
  }
  EXPECT_TRUE(ledger::open(directory.path(), 4, 0));
}

TEST(ledger, takes_the_first_of_two_records_of_one_batch) {
  const temp_dir directory;
  auto zombie = ledger::open(directory.path(), 1, 0);
  auto owner = ledger::open(directory.path(), 2, 0);
  ASSERT_TRUE(owner->append(1, payload(1, 'o')));
  ASSERT_TRUE(zombie->append(1, payload(1, 'z')));
  auto next = ledger::open(directory.path(), 3, 0);
  EXPECT_THAT(next->done_batches(), ElementsAre(1));
  EXPECT_EQ(*next->read(1), payload(1, 'z'));
}

TEST(ledger, does_a_forgotten_batch_again_also_after_a_restart) {
  const temp_dir directory;
  {
    auto book = ledger::open(directory.path(), 1, 0);
    ASSERT_TRUE(book->append(1, payload(1, 'x')));
    ASSERT_TRUE(book->append(2, payload(2)));
    ASSERT_TRUE(book->forget(1));
    EXPECT_FALSE(book->is_done(1));
    ASSERT_TRUE(book->forget(1));
    ASSERT_TRUE(book->sync());
  }
  {
    auto book = ledger::open(directory.path(), 2, 0);
    EXPECT_THAT(book->done_batches(), ElementsAre(2));
    ASSERT_TRUE(book->append(1, payload(1, 'y')));
  }
  auto book = ledger::open(directory.path(), 3, 0);
  EXPECT_EQ(*book->read(1), payload(1, 'y'));
}

TEST(ledger, begins_a_new_segment_when_one_is_full_and_drops_those_nobody_needs) {
  const temp_dir directory;
  auto book = ledger::open(directory.path(), 1, 0, {.segment_bytes = 200});
  for (std::uint64_t batch = 0; batch < 40; ++batch)
    ASSERT_TRUE(book->append(batch, payload(batch)));
  ASSERT_TRUE(book->sync());
  const auto files = files_in(directory.path());
  EXPECT_GT(files, 5U);
  for (std::uint64_t batch = 0; batch < 40; ++batch)
    EXPECT_EQ(*book->read(batch), payload(batch));
  ASSERT_TRUE(book->drop_below(20));
  EXPECT_LT(files_in(directory.path()), files);
  EXPECT_TRUE(book->is_done(3));
  EXPECT_FALSE(book->read(3));
  EXPECT_EQ(book->done_batches().size(), 20U);
  EXPECT_EQ(*book->read(20), payload(20));
  ASSERT_TRUE(book->drop_below(40));
  EXPECT_EQ(files_in(directory.path()), 1U);
  ASSERT_TRUE(book->drop_below(10)); // never back
  EXPECT_EQ(book->floor(), 40U);
  ASSERT_TRUE(book->append(40, payload(40)));
  auto next = ledger::open(directory.path(), 2, 40);
  EXPECT_THAT(next->done_batches(), ElementsAre(40));
}

TEST(ledger, drops_the_segments_of_past_owners_too) {
  const temp_dir directory;
  for (std::uint64_t epoch = 1; epoch < 10; ++epoch)
    ASSERT_TRUE(ledger::open(directory.path(), epoch, 0)->append(epoch, payload(epoch)));
  auto book = ledger::open(directory.path(), 10, 0);
  EXPECT_EQ(book->done_batches().size(), 9U);
  ASSERT_TRUE(book->drop_below(9));
  EXPECT_EQ(files_in(directory.path()), 2U);
  EXPECT_EQ(*ledger::last_epoch(directory.path()), 10U);
}

TEST(ledger, leaves_foreign_files_alone) {
  const temp_dir directory;
  for (const auto* name :
       {"segment-1-1.log", "segment-000001-000001.log.tmp", "segment-00000x-000001.log",
        "segment-000001000001.log", "notes.txt", "segment-99999999999999999999999-000001.log"})
    directory.write(name, "mine");
  auto book = ledger::open(directory.path(), 1, 0);
  ASSERT_TRUE(book) << book.error().cause;
  ASSERT_TRUE(book->drop_below(1'000));
  EXPECT_EQ(files_in(directory.path()), 7U);
}

TEST(ledger, counts_on_past_six_digits) {
  const segment_name name{1'234'567, 12'345'678};
  EXPECT_EQ(to_file_name(name), "segment-1234567-12345678.log");
  EXPECT_EQ(parse_segment_name(to_file_name(name)), name);
  EXPECT_EQ(to_file_name({1, 2}), "segment-000001-000002.log");
}

TEST(ledger, names_a_directory_that_it_cannot_write) {
  const temp_dir directory;
  directory.write("file", "x");
  const auto book = ledger::open(directory.path() / "file", 1, 0);
  ASSERT_FALSE(book);
  EXPECT_EQ(book.error().kind, failure_kind::output_unwritable);
  EXPECT_THAT(book.error().cause, ::testing::HasSubstr("file"));
}

} // namespace
} // namespace trainyard
