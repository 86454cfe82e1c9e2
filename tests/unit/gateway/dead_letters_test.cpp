// Pages over the failures of many sessions: each failure stands on one page, and on one alone.
#include "nodes/gateway/dead_letters.hpp"

#include <gmock/gmock.h>

namespace trainyard {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The newest first.
std::vector<session_status> sessions_with(std::vector<std::pair<const char*, std::uint64_t>> failed) {
  std::vector<session_status> all;
  for (const auto& [id, count] : failed) {
    auto& each = all.emplace_back();
    each.session_id = id;
    each.state = "completed";
    each.failed = count;
  }
  return all;
}

std::vector<std::string> texts_of(const dead_letter_plan& plan) {
  std::vector<std::string> all;
  for (const auto& each : plan.parts)
    all.push_back(each.session + " " + std::to_string(each.wanted.offset) + "+" +
                  std::to_string(each.wanted.limit));
  return all;
}

const auto some = sessions_with({{"new", 4}, {"middle", 2}, {"clean", 0}, {"old", 3}});

TEST(dead_letters, begin_with_the_newest_session_and_skip_those_without_any) {
  const auto plan = plan_dead_letters(some, 0, 50);
  EXPECT_THAT(texts_of(plan), ElementsAre("new 0+4", "middle 0+2", "old 0+3"));
  EXPECT_EQ(plan.page.total, 9U);
  EXPECT_EQ(plan.page.sessions, 3U);
  EXPECT_FALSE(plan.page.next_offset);
}

TEST(dead_letters, go_on_within_a_session) {
  const auto plan = plan_dead_letters(some, 3, 4);
  EXPECT_THAT(texts_of(plan), ElementsAre("new 3+1", "middle 0+2", "old 0+1"));
  EXPECT_EQ(plan.page.next_offset, 7U);
  EXPECT_THAT(texts_of(plan_dead_letters(some, 7, 4)), ElementsAre("old 1+2"));
}

TEST(dead_letters, of_every_offset_and_limit_stand_on_one_page_each) {
  for (std::uint64_t limit = 1; limit <= 10; ++limit) {
    std::uint64_t seen = 0;
    for (std::optional<std::uint64_t> offset = 0; offset;) {
      const auto plan = plan_dead_letters(some, *offset, limit);
      for (const auto& each : plan.parts)
        seen += each.wanted.limit;
      EXPECT_TRUE(!plan.page.next_offset || *plan.page.next_offset > *offset);
      offset = plan.page.next_offset;
    }
    EXPECT_EQ(seen, 9U) << limit;
  }
}

TEST(dead_letters, ask_few_sessions_for_one_page) {
  std::vector<std::pair<const char*, std::uint64_t>> many(100, {"s", 1});
  const auto plan = plan_dead_letters(sessions_with(many), 0, 200);
  EXPECT_EQ(plan.parts.size(), most_sessions_of_a_page);
  EXPECT_EQ(plan.page.next_offset, most_sessions_of_a_page);
}

TEST(dead_letters, beyond_the_last_one_are_none) {
  EXPECT_THAT(plan_dead_letters(some, 9, 5).parts, IsEmpty());
  EXPECT_FALSE(plan_dead_letters(some, 9, 5).page.next_offset);
  EXPECT_THAT(plan_dead_letters({}, 0, 5).parts, IsEmpty());
}

TEST(dead_letters, keep_what_their_session_says_of_them) {
  auto plan = plan_dead_letters(some, 0, 1);
  failure_page given;
  given.failures.push_back({"a.jpg", "decode", "TY2101", "no picture", 2});
  add_to(plan.page, plan.parts.front(), given);
  ASSERT_EQ(plan.page.failures.size(), 1U);
  EXPECT_EQ(plan.page.failures[0].session_id, "new");
  EXPECT_EQ(plan.page.failures[0].session_state, "completed");
  EXPECT_EQ(plan.page.failures[0].asset, "a.jpg");
  EXPECT_EQ(plan.page.failures[0].attempts, 2U);
}

} // namespace
} // namespace trainyard
