// The log survives torn ends, and refuses damage in its middle.
#include "actors/coordinator/output/shard_log.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

commit_record commit(std::optional<std::uint64_t> shard, std::uint64_t end_batch, std::uint64_t rows,
                     std::uint64_t embedded_total) {
  commit_record record;
  record.shard = shard;
  record.end_batch = end_batch;
  record.rows = rows;
  record.embedded_total = embedded_total;
  return record;
}

std::string three_commits(const std::filesystem::path& file) {
  auto log = shard_log::open(file);
  EXPECT_TRUE(log && log->append(commit(0, 2, 5, 5)) && log->append(commit(std::nullopt, 3, 0, 5)) &&
              log->append(commit(1, 9, 7, 12)));
  return read_file(file).value();
}

TEST(shard_log, reads_back_what_was_appended) {
  testing::temp_dir dir;
  three_commits(dir.path() / "log");
  const auto log = shard_log::open(dir.path() / "log");
  ASSERT_TRUE(log);
  EXPECT_EQ(log->records().size(), 3U);
  EXPECT_EQ(log->shards(), 2U);
  EXPECT_EQ(log->last().end_batch, 9U);
}

TEST(shard_log, cut_at_any_byte_keeps_every_whole_line_and_takes_appends_again) {
  testing::temp_dir dir;
  const auto whole = three_commits(dir.path() / "log");
  const auto second_line_end = whole.rfind('\n', whole.size() - 2) + 1;
  for (auto cut = second_line_end; cut < whole.size(); ++cut) {
    const auto file = dir.write("cut", whole.substr(0, cut));
    auto log = shard_log::open(file);
    ASSERT_TRUE(log) << cut;
    ASSERT_EQ(log->records().size(), 2U) << cut;
    ASSERT_TRUE(log->append(commit(1, 9, 7, 12)));
    ASSERT_EQ(read_file(file).value(), whole);
  }
}

TEST(shard_log, a_tail_of_zeros_or_noise_is_cut_off) {
  testing::temp_dir dir;
  const auto whole = three_commits(dir.path() / "log");
  for (const auto& tail :
       {std::string(300, '\0'), std::string("\n\n{}\n"), std::string("\xff\xfe\n\0x", 5)}) {
    const auto file = dir.write("tail", whole + tail);
    const auto log = shard_log::open(file);
    ASSERT_TRUE(log);
    EXPECT_EQ(log->records().size(), 3U);
    EXPECT_EQ(read_file(file).value(), whole);
  }
}

TEST(shard_log, a_flipped_bit_before_a_good_line_is_output_corrupt) {
  testing::temp_dir dir;
  const auto whole = three_commits(dir.path() / "log");
  for (std::size_t at = 0; at + 1 < whole.find('\n'); ++at) {
    auto damaged = whole;
    damaged[at] ^= 1;
    const auto log = shard_log::open(dir.write("damaged", damaged));
    ASSERT_FALSE(log) << at;
    ASSERT_EQ(log.error().kind, failure_kind::output_corrupt) << at;
  }
}

TEST(shard_log, refuses_commits_that_do_not_follow_and_writes_nothing_of_them) {
  testing::temp_dir dir;
  three_commits(dir.path() / "log");
  const std::vector<commit_record> wrong{
      commit(2, 9, 1, 13),            // covers no batch
      commit(3, 10, 1, 13),           // leaves out a number
      commit(2, 10, 1, 14),           // does not add up
      commit(2, 10, 0, 12),           // a shard without rows
      commit(std::nullopt, 10, 1, 13) // rows without a shard
  };
  const auto before = read_file(dir.path() / "log").value();
  auto log = shard_log::open(dir.path() / "log");
  ASSERT_TRUE(log);
  for (const auto& record : wrong)
    EXPECT_EQ(log->append(record).error().kind, failure_kind::internal);
  EXPECT_EQ(read_file(dir.path() / "log").value(), before);
}

} // namespace
} // namespace trainyard
