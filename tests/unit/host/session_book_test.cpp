// The mirror of the registry, changes that stand, and what clients are shown.
#include "actors/coordinator/host/session_book.hpp"

#include <gtest/gtest.h>

#include "tests/support/fake_registry.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;
const session_book::time_point start{1000s};

struct session_book_test : ::testing::Test {
  std::shared_ptr<fake_store> store = std::make_shared<fake_store>();
  fake_registry registry{store};
  session_book book{registry};
  fleet_view fleet;

  static session_record record(const std::string& session, const std::string& state = "queued") {
    session_record one;
    one.status.session_id = session;
    one.status.state = state;
    one.wanted = "running";
    return one;
  }
  static session_book::edit wanting(const std::string& what) {
    return [what](session_record& each) -> result<bool> { return std::exchange(each.wanted, what) != what; };
  }
  [[nodiscard]] session_status shown(const std::string& session, session_book::time_point now) const {
    return book.status_of(book.all().at(session), fleet, now);
  }
};

TEST_F(session_book_test, refresh_brings_what_others_wrote) {
  store->put(record("a"));
  ASSERT_TRUE(book.refresh());
  store->put(record("b"));
  store->put(record("a", "running"));
  EXPECT_EQ(book.all().size(), 1U);
  ASSERT_TRUE(book.refresh());
  EXPECT_EQ(book.all().size(), 2U);
  EXPECT_EQ(book.all().at("a").record.status.state, "running");
}

TEST_F(session_book_test, a_session_is_added_once) {
  EXPECT_EQ(book.add(record("a")).value(), true);
  EXPECT_EQ(book.add(record("a", "running")).value(), false);
  EXPECT_EQ(store->state_of("a"), "queued");
  EXPECT_EQ(book.look_up("b").error().kind, failure_kind::session_unknown);
}

TEST_F(session_book_test, a_change_is_made_again_on_what_somebody_else_wrote_meanwhile) {
  store->put(record("a"));
  int tries = 0;
  const auto changed = book.change("a", [&](session_record& each) -> result<bool> {
    if (++tries == 1)
      store->put(record("a", "running"));
    each.wanted = "paused";
    return true;
  });
  ASSERT_TRUE(changed);
  EXPECT_EQ(tries, 2);
  EXPECT_EQ(store->record("a")->wanted, "paused");
  EXPECT_EQ(store->state_of("a"), "running");
  EXPECT_EQ(book.all().at("a").record.wanted, "paused");
}

TEST_F(session_book_test, a_change_that_never_stands_is_given_up) {
  store->put(record("a"));
  const auto changed = book.change("a", [&](session_record&) -> result<bool> {
    store->put(record("a"));
    return true;
  });
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().kind, failure_kind::nats_timeout);
}

TEST_F(session_book_test, an_edit_that_changes_nothing_or_refuses_writes_nothing) {
  store->put(record("a"));
  const auto revision = store->revision_of("a");
  EXPECT_TRUE(book.change("a", wanting("running")));
  const auto refused = book.change(
      "a", [](session_record&) -> result<bool> { return fail(failure_kind::session_conflict, "no"); });
  EXPECT_EQ(refused.error().kind, failure_kind::session_conflict);
  EXPECT_EQ(store->revision_of("a"), revision);
}

TEST_F(session_book_test, a_registry_that_is_away_is_a_failure_and_the_mirror_stays) {
  store->put(record("a"));
  ASSERT_TRUE(book.refresh());
  registry.break_off({"changes", "find", "create", "update"});
  EXPECT_EQ(book.refresh().error().kind, failure_kind::nats_unreachable);
  EXPECT_EQ(book.change("a", wanting("paused")).error().kind, failure_kind::nats_unreachable);
  EXPECT_EQ(book.add(record("b")).error().kind, failure_kind::nats_unreachable);
  EXPECT_EQ(book.all().size(), 1U);
  EXPECT_EQ(book.all().at("a").record.wanted, "running");
}

TEST_F(session_book_test, follows_a_store_that_was_rolled_back) {
  for (int i = 0; i < 5; ++i)
    store->put(record("a"));
  ASSERT_TRUE(book.refresh());
  store->put(record("a", "running"));
  store->roll_back();
  ASSERT_TRUE(book.refresh());
  EXPECT_EQ(book.all().at("a").record.status.state, "running");
  EXPECT_TRUE(book.change("a", wanting("paused")));
  EXPECT_EQ(store->record("a")->wanted, "paused");
}

TEST_F(session_book_test, shows_the_owners_last_word_while_it_is_fresh) {
  auto owned = record("a", "running");
  owned.status.coordinator = "node";
  owned.status.embedded = 10;
  store->put(owned);
  ASSERT_TRUE(book.refresh());
  session_progress word;
  word.session_id = "a";
  word.embedded = 25;
  word.images_per_second = 5;
  word.reason = "blocked: disk";
  book.heard(word, start);
  EXPECT_EQ(shown("a", start + 5s).embedded, 25U);
  EXPECT_EQ(shown("a", start + 5s).reason, "blocked: disk");
  EXPECT_EQ(shown("a", start + 6s).embedded, 10U);
  word.session_id = "nobody";
  book.heard(word, start);
  EXPECT_EQ(book.all().size(), 1U);
}

TEST_F(session_book_test, a_running_session_that_does_not_move_says_why) {
  auto owned = record("a", "running");
  owned.status.coordinator = "node";
  store->put(owned);
  ASSERT_TRUE(book.refresh());
  session_progress word;
  word.session_id = "a";
  book.heard(word, start);
  EXPECT_EQ(shown("a", start).reason, "no worker");
}

TEST_F(session_book_test, a_queued_session_says_what_it_waits_for_and_an_ended_one_is_shown_as_it_ended) {
  store->put(record("a"));
  store->put(record("b", "completed"));
  auto busy = record("c");
  busy.status.reason = "its folder is busy";
  store->put(busy);
  ASSERT_TRUE(book.refresh());
  session_progress late;
  late.session_id = "b";
  late.embedded = 3;
  book.heard(late, start);
  EXPECT_NE(shown("a", start).reason, "");
  EXPECT_EQ(shown("b", start).embedded, 0U);
  EXPECT_EQ(shown("b", start).reason, "");
  EXPECT_EQ(shown("c", start).reason, "its folder is busy");
}

} // namespace
} // namespace trainyard::testing
