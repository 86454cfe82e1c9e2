// Whatever happens to the bytes, a batch is either not done or has its own result.
#include <csignal>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <sys/resource.h>

#include "actors/coordinator/ledger.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/coordinator/files.hpp"

namespace trainyard {
namespace {

using testing::break_sync_of;
using testing::content_of;
using ::testing::ElementsAre;
using testing::replace_content;
using testing::temp_dir;

std::vector<std::byte> payload(std::uint64_t batch, std::size_t bytes = 20) {
  return std::vector<std::byte>(bytes + batch, std::byte(batch));
}

/// Writes batches 0..4 and returns the segment's bytes.
std::string five_records(const std::filesystem::path& directory) {
  auto book = ledger::open(directory, 1, 0);
  for (std::uint64_t batch = 0; batch < 5; ++batch)
    EXPECT_TRUE(book->append(batch, payload(batch)));
  return content_of(directory / to_file_name({1, 0}));
}

/// How many batches are done; each must have its own payload.
std::size_t done_and_right(const std::filesystem::path& directory, std::uint64_t epoch) {
  const auto book = ledger::open(directory, epoch, 0);
  EXPECT_TRUE(book);
  for (const auto batch : book->done_batches())
    EXPECT_EQ(*book->read(batch), payload(batch));
  std::filesystem::remove(directory / to_file_name({epoch, 0}));
  return book->done_batches().size();
}

/// The same without making a ledger, which costs a synced file each time.
std::size_t whole_and_right(const std::filesystem::path& directory) {
  std::size_t whole = 0;
  const auto file = directory / to_file_name({1, 0});
  EXPECT_TRUE(scan_segment(file, [&](const record_header& header, std::uint64_t offset) {
    EXPECT_EQ(*read_record(file, offset, header.batch), payload(header.batch));
    ++whole;
  }));
  return whole;
}

TEST(ledger_damage, a_tail_torn_at_any_byte_costs_the_last_record_only) {
  const temp_dir directory;
  const auto whole = five_records(directory.path());
  std::size_t expected = 0;
  for (std::size_t cut = 0, end = 0; cut <= whole.size(); ++cut) {
    const auto record = 32 + 20 + expected;
    if (expected < 5 && cut == end + record) {
      end += record;
      ++expected;
    }
    replace_content(directory.path() / to_file_name({1, 0}), whole.substr(0, cut));
    ASSERT_EQ(whole_and_right(directory.path()), expected) << cut;
    if (cut % 16 == 0) {
      ASSERT_EQ(done_and_right(directory.path(), 2), expected) << cut;
    }
    ASSERT_EQ(content_of(directory.path() / to_file_name({1, 0})).size(),
              cut); // older epochs are not touched
  }
  EXPECT_EQ(expected, 5U);
}

TEST(ledger_damage, a_flipped_bit_costs_one_record_and_none_behind_it) {
  const temp_dir directory;
  const auto whole = five_records(directory.path());
  for (std::size_t bit = 0; bit < whole.size() * 8; bit += 3) { // each byte at two or three bits
    auto damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    replace_content(directory.path() / to_file_name({1, 0}), damaged);
    ASSERT_EQ(whole_and_right(directory.path()), 4U) << bit;
    if (bit % 61 == 0) {
      ASSERT_EQ(done_and_right(directory.path(), 2), 4U) << bit;
    }
  }
}

TEST(ledger_damage, holes_and_garbage_cost_what_they_cover) {
  const temp_dir directory;
  const auto whole = five_records(directory.path());
  auto damaged = whole;
  damaged.replace(60, 60, std::string(60, '\0')); // in records 1 and 2
  replace_content(directory.path() / to_file_name({1, 0}),
                  "garbage before" + damaged + "TYdone\x01\n and behind");
  EXPECT_EQ(done_and_right(directory.path(), 2), 3U);
  replace_content(directory.path() / to_file_name({1, 0}), std::string(3'000'000, 'T') + whole);
  EXPECT_EQ(done_and_right(directory.path(), 2), 5U);
}

TEST(ledger_damage, damage_after_opening_is_found_when_read_and_the_batch_can_be_done_again) {
  const temp_dir directory;
  auto book = ledger::open(directory.path(), 1, 0);
  for (std::uint64_t batch = 0; batch < 3; ++batch)
    ASSERT_TRUE(book->append(batch, payload(batch)));
  const auto file = directory.path() / to_file_name({1, 0});
  auto damaged = content_of(file);
  damaged[32 + 20 + 32 + 3] ^= 4;
  replace_content(file, damaged);
  const auto read = book->read(1);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, failure_kind::output_corrupt);
  EXPECT_THAT(read.error().cause, ::testing::HasSubstr("batch 1"));
  ASSERT_TRUE(book->forget(1));
  ASSERT_TRUE(book->append(1, payload(1)));
  EXPECT_EQ(*book->read(1), payload(1));
  EXPECT_EQ(done_and_right(directory.path(), 2), 3U);
}

TEST(ledger_damage, a_segment_that_vanished_is_told_when_read) {
  const temp_dir directory;
  auto book = ledger::open(directory.path(), 1, 0);
  ASSERT_TRUE(book->append(0, payload(0)));
  std::filesystem::remove(directory.path() / to_file_name({1, 0}));
  EXPECT_FALSE(book->read(0));
}

TEST(ledger_damage, a_failed_sync_takes_back_what_it_could_not_make_durable) {
  const temp_dir directory;
  auto book = ledger::open(directory.path(), 1, 0);
  ASSERT_TRUE(book->append(0, payload(0)));
  ASSERT_TRUE(book->sync());
  ASSERT_TRUE(book->append(1, payload(1)));
  ASSERT_TRUE(book->append(2, payload(2)));
  break_sync_of(directory.path() / to_file_name({1, 0}));
  const auto synced = book->sync();
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().kind, failure_kind::output_unwritable);
  EXPECT_THAT(book->done_batches(), ElementsAre(0));
  EXPECT_EQ(*book->read(0), payload(0));
  ASSERT_TRUE(book->append(1, payload(1))); // the result came again
  ASSERT_TRUE(book->sync());
  EXPECT_EQ(*book->read(1), payload(1));
  EXPECT_TRUE(std::filesystem::exists(directory.path() / to_file_name({1, 1})));
}

TEST(ledger_damage, no_room_leaves_no_trace_and_the_ledger_usable) {
  const temp_dir directory;
  auto book = ledger::open(directory.path(), 1, 0);
  ASSERT_TRUE(book->append(0, payload(0)));
  const auto before_bytes = content_of(directory.path() / to_file_name({1, 0}));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  for (const rlim_t room : {1, 31, 32, 40, 500}) {
    const rlimit small{before_bytes.size() + room, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto appended = book->append(1, payload(1, 1'000));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().kind, failure_kind::disk_full);
    EXPECT_FALSE(book->is_done(1));
    EXPECT_EQ(content_of(directory.path() / to_file_name({1, 0})), before_bytes);
  }
  std::signal(SIGXFSZ, handler);
  ASSERT_TRUE(book->append(2, payload(2)));
  ASSERT_TRUE(book->append(1, payload(1)));
  ASSERT_TRUE(book->sync());
  EXPECT_EQ(done_and_right(directory.path(), 2), 3U);
}

} // namespace
} // namespace trainyard
