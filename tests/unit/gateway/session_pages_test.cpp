// Pages of a list.
#include "nodes/gateway/session_pages.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

session_list list_of(int count) {
  session_list list;
  for (int i = 0; i < count; ++i) {
    session_status status;
    status.session_id = "s" + std::to_string(i);
    status.state = i % 2 == 0 ? "running" : "completed";
    list.sessions.push_back(std::move(status));
  }
  return list;
}

TEST(session_pages, have_the_newest_first_and_say_where_the_next_begins) {
  const auto page = page_of(list_of(5), {"", 0, 2});
  EXPECT_EQ(page.total, 5U);
  ASSERT_EQ(page.sessions.size(), 2U);
  EXPECT_EQ(page.sessions[0].session_id, "s4");
  EXPECT_EQ(page.sessions[1].session_id, "s3");
  EXPECT_EQ(page.next_offset, 2U);
  const auto last = page_of(list_of(5), {"", 4, 2});
  ASSERT_EQ(last.sessions.size(), 1U);
  EXPECT_EQ(last.sessions[0].session_id, "s0");
  EXPECT_EQ(last.next_offset, std::nullopt);
}

TEST(session_pages, of_one_state_count_only_those_but_tell_of_all_states) {
  const auto page = page_of(list_of(5), {"completed", 0, 100});
  EXPECT_EQ(page.total, 2U);
  EXPECT_EQ(page.sessions.size(), 2U);
  ASSERT_EQ(page.states.size(), 6U);
  EXPECT_EQ(page.states[1].state, "running");
  EXPECT_EQ(page.states[1].sessions, 3U);
  EXPECT_EQ(page.states[5].sessions, 0U);
}

TEST(session_pages, beyond_the_end_are_empty) {
  const auto page = page_of(list_of(3), {"", 1'000'000, 500});
  EXPECT_TRUE(page.sessions.empty());
  EXPECT_EQ(page.total, 3U);
  EXPECT_EQ(page.next_offset, std::nullopt);
}

} // namespace
} // namespace trainyard
