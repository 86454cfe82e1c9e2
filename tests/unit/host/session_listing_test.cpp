// Many thousands of sessions, page by page.
#include "actors/coordinator/host/session_listing.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/fake_registry.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;
const session_book::time_point now{1000s};

struct session_listing : ::testing::Test {
  std::shared_ptr<fake_store> store = std::make_shared<fake_store>();
  fake_registry registry{store};
  session_book book{registry};
  fleet_view fleet;

  /// The first is the oldest; every tenth has not ended.
  void fill(int sessions) {
    for (int i = 0; i < sessions; ++i) {
      session_record one;
      const auto digits = std::to_string(100'000 + i);
      one.status.session_id = "s" + digits;
      one.status.submitted_at = "2026-01-01T00:00:00." + digits + "Z";
      one.status.state = i % 10 == 0 ? "paused" : "completed";
      one.status.finished_at = i % 10 == 0 ? "" : one.status.submitted_at;
      one.status.report.emplace();
      store->put(std::move(one));
    }
    ASSERT_TRUE(book.refresh());
  }
  [[nodiscard]] session_list list(std::uint64_t offset, std::optional<std::uint64_t> limit,
                                  std::optional<std::string> state = {}) const {
    list_request wanted;
    wanted.state = std::move(state);
    wanted.offset = offset;
    wanted.limit = limit;
    return page_of_sessions(book, fleet, wanted, now).value();
  }
  static std::uint64_t sessions_in(const session_list& of, const std::string& state) {
    return std::ranges::find(of.states, state, &state_count::state)->sessions;
  }
};

TEST_F(session_listing, ten_thousand_sessions_are_each_on_one_page_the_newest_first) {
  fill(10'000);
  std::vector<std::string> seen;
  for (std::uint64_t offset = 0;;) {
    const auto page = list(offset, 300);
    EXPECT_EQ(page.total, 10'000U);
    if (page.sessions.empty())
      break;
    for (const auto& each : page.sessions) {
      EXPECT_FALSE(each.report) << "a page must fit into one message";
      seen.push_back(each.session_id);
    }
    offset += page.sessions.size();
  }
  EXPECT_EQ(seen.size(), 10'000U);
  EXPECT_TRUE(std::ranges::is_sorted(seen, std::greater{}));
  EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), 10'000U);
}

TEST_F(session_listing, a_page_of_one_state_has_no_others_and_the_counts_are_of_all) {
  fill(1'000);
  const auto page = list(20, 50, "paused");
  EXPECT_EQ(page.total, 100U);
  EXPECT_EQ(page.sessions.size(), 50U);
  for (const auto& each : page.sessions)
    EXPECT_EQ(each.state, "paused");
  EXPECT_EQ(sessions_in(page, "paused"), 100U);
  EXPECT_EQ(sessions_in(page, "completed"), 900U);
  EXPECT_EQ(sessions_in(page, "failed"), 0U);
}

TEST_F(session_listing,
       without_a_limit_what_has_not_ended_comes_before_all_others_and_the_oldest_stand_first) {
  fill(10'000);
  const auto all = list(0, {});
  ASSERT_EQ(all.sessions.size(), most_sessions_listed);
  EXPECT_TRUE(std::ranges::all_of(all.sessions, [](const auto& each) { return each.state == "paused"; }));
  EXPECT_EQ(all.sessions.back().session_id, "s109990");
  EXPECT_TRUE(std::ranges::is_sorted(all.sessions, {}, &session_status::submitted_at));
}

TEST_F(session_listing, pages_beyond_the_end_are_empty_and_limits_that_fit_no_message_are_refused) {
  fill(10);
  EXPECT_TRUE(list(10, 5).sessions.empty());
  EXPECT_TRUE(list(UINT64_MAX, 500).sessions.empty());
  for (const std::uint64_t limit : {std::uint64_t{0}, std::uint64_t{501}}) {
    list_request wanted;
    wanted.limit = limit;
    EXPECT_EQ(page_of_sessions(book, fleet, wanted, now).error().kind, failure_kind::usage);
  }
}

} // namespace
} // namespace trainyard::testing
