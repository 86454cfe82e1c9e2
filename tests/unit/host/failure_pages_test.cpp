// Pages of a session's failures, also while they are being written.
#include "actors/coordinator/host/failure_pages.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {
namespace {

struct failure_pages : ::testing::Test {
  temp_dir dir;
  static std::string line(int number) {
    return R"({"asset":"img)" + std::to_string(number) +
           R"(.jpg","stage":"decode","code":"TY2103","reason":"bad","attempts":1})" + "\n";
  }
  void lines(int count, const std::string& torn = {}) const {
    std::string text;
    for (int i = 0; i < count; ++i)
      text += line(i);
    dir.write("failures.jsonl", text + torn);
  }
  [[nodiscard]] failure_page page(std::uint64_t offset, std::uint64_t limit) const {
    return read_failures(dir.path(), "s1", {offset, limit}).value();
  }
};

TEST_F(failure_pages, follow_each_other_without_gap_or_double) {
  lines(7);
  std::vector<std::string> seen;
  std::optional<std::uint64_t> next = 0;
  for (int pages = 1; next; ++pages) {
    const auto one = page(*next, 3);
    EXPECT_EQ(one.session_id, "s1");
    EXPECT_EQ(one.offset, *next);
    EXPECT_LE(pages, 3);
    for (const auto& each : one.failures)
      seen.push_back(each.asset);
    next = one.next_offset;
  }
  ASSERT_EQ(seen.size(), 7U);
  EXPECT_EQ(seen.front(), "img0.jpg");
  EXPECT_EQ(seen.back(), "img6.jpg");
}

TEST_F(failure_pages, a_page_that_ends_with_the_file_is_the_last) {
  lines(6);
  EXPECT_EQ(page(3, 3).failures.size(), 3U);
  EXPECT_FALSE(page(3, 3).next_offset);
  EXPECT_EQ(page(0, 3).next_offset, 3U);
}

TEST_F(failure_pages, an_offset_beyond_the_end_is_an_empty_page) {
  lines(2);
  EXPECT_TRUE(page(2, 10).failures.empty());
  EXPECT_TRUE(page(UINT64_MAX, 10).failures.empty());
}

TEST_F(failure_pages, a_limit_is_at_least_one_and_at_most_a_thousand) {
  lines(1001);
  EXPECT_EQ(page(0, 0).failures.size(), 1U);
  EXPECT_EQ(page(0, UINT64_MAX).failures.size(), 1000U);
  EXPECT_EQ(page(0, UINT64_MAX).next_offset, 1000U);
}

TEST_F(failure_pages, a_line_that_is_torn_at_the_end_is_not_there_yet) {
  lines(2, line(2).substr(0, 20));
  EXPECT_EQ(page(0, 10).failures.size(), 2U);
  EXPECT_FALSE(page(0, 2).next_offset);
  EXPECT_TRUE(page(2, 10).failures.empty());
}

TEST_F(failure_pages, an_absent_file_is_an_empty_page) {
  EXPECT_TRUE(page(0, 10).failures.empty());
  EXPECT_TRUE(read_failures(dir.path() / "no folder", "s1", {}).value().failures.empty());
}

TEST_F(failure_pages, a_damaged_line_is_named) {
  lines(1, "rubbish\n" + line(2));
  const auto read = read_failures(dir.path(), "s1", {});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, failure_kind::output_corrupt);
  EXPECT_NE(read.error().cause.find("line 2"), std::string::npos);
  EXPECT_EQ(page(2, 10).failures.size(), 1U); // what is skipped is not looked at
}

} // namespace
} // namespace trainyard::testing
