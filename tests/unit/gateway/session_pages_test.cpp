// Pages of a list.
#include "nodes/gateway/session_pages.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

session_list listed(int sessions, std::uint64_t total) {
  session_list list;
  list.sessions.resize(static_cast<std::size_t>(sessions));
  list.total = total;
  list.states = {{"running", total}};
  return list;
}

list_request from(std::uint64_t offset) {
  list_request wanted;
  wanted.offset = offset;
  return wanted;
}

TEST(session_pages, say_where_the_next_one_begins) {
  const auto page = page_of(listed(2, 5), from(0));
  EXPECT_EQ(page.total, 5U);
  EXPECT_EQ(page.sessions.size(), 2U);
  EXPECT_EQ(page.next_offset, 2U);
  EXPECT_EQ(page.states, (std::vector<state_count>{{"running", 5}}));
}

TEST(session_pages, the_last_one_leads_nowhere_nor_does_one_beyond_the_end) {
  EXPECT_EQ(page_of(listed(1, 5), from(4)).next_offset, std::nullopt);
  EXPECT_EQ(page_of(listed(0, 5), from(1'000'000)).next_offset, std::nullopt);
  EXPECT_EQ(page_of(listed(0, 5), from(0)).next_offset, std::nullopt) << "or a client would ask for ever";
}

} // namespace
} // namespace trainyard
