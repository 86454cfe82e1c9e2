// Coordinators come, go and lose touch; a session has one owner at a time, and none is lost.
#include "tests/actors/host_bench.hpp"

namespace trainyard::testing {
namespace {

struct session_host_lease : host_bench {
  /// Session s1 on `one` with four batches out and no result yet.
  void stand_still_on_one() {
    one.answering = false;
    start_one();
    ASSERT_TRUE(submit(one, spec("s1")));
    ASSERT_TRUE(eventually(10s, [&] { return one.link.published().size() == 4; }));
  }
  /// As a process that is killed: nothing is given back.
  void kill_one() { actors.end(one.host); }
};

TEST_F(session_host_lease, a_lost_lease_stops_the_runner_and_nothing_is_written_any_more) {
  stand_still_on_one();
  store->give_lease("s1", "somebody");
  ASSERT_TRUE(eventually(10s, [&] { return !one.link.is_open("s1"); }));
  const auto revision = store->revision_of("s1");
  one.answer_all();
  ASSERT_TRUE(looks_again(one));
  EXPECT_EQ(store->revision_of("s1"), revision);
  EXPECT_EQ(store->state_of("s1"), "running");
  EXPECT_EQ(store->lease_of("s1"), "somebody");
  EXPECT_TRUE(one.link.forgotten().empty());
}

TEST_F(session_host_lease, a_session_whose_owner_is_gone_is_taken_over_and_goes_on_from_the_ledger) {
  stand_still_on_one();
  const auto published = one.link.published();
  one.link.deliver("s1", delivery_of(published[0]));
  one.link.deliver("s1", delivery_of(published[2]));
  ASSERT_TRUE(eventually(10s, [&] { return one.link.acked().size() == 2; }));
  const auto epoch = one.link.epoch();
  kill_one();
  start_other();
  ASSERT_TRUE(looks_again(other));
  EXPECT_TRUE(other.link.published().empty()); // the lease has not run out
  store->give_lease("s1", "");
  ASSERT_TRUE(becomes("s1", "completed"));
  EXPECT_EQ(other.link.published().size(), 3U);
  EXPECT_GT(other.link.epoch(), epoch);
  EXPECT_EQ(store->record("s1")->status.embedded, 10U);
}

TEST_F(session_host_lease, two_coordinators_do_a_session_once) {
  start_one();
  start_other();
  ASSERT_TRUE(submit(other, spec("s1")));
  ASSERT_TRUE(becomes("s1", "completed"));
  EXPECT_EQ(one.link.published().size() + other.link.published().size(), 5U);
}

TEST_F(session_host_lease, any_coordinator_can_be_asked_to_pause_what_another_one_owns) {
  stand_still_on_one();
  start_other();
  ASSERT_TRUE(about(other, "pause", "s1"));
  EXPECT_TRUE(becomes("s1", "paused"));
  EXPECT_EQ(store->record("s1")->status.coordinator, "one");
}

TEST_F(session_host_lease, a_paused_session_that_is_taken_over_publishes_nothing) {
  left_behind("s1", "paused");
  auto slow = config("one");
  slow.tick = 300ms; // longer than listing takes
  start(one, slow);
  ASSERT_TRUE(eventually(10s, [&] { return one.link.is_open("s1"); }));
  ASSERT_TRUE(looks_again(one));
  EXPECT_TRUE(one.link.published().empty());
  EXPECT_EQ(store->state_of("s1"), "paused");
}

TEST_F(session_host_lease, a_paused_session_without_an_owner_is_left_alone_until_it_is_resumed) {
  left_behind("s1", "paused");
  auto record = *store->record("s1");
  record.status.coordinator = "";
  store->put(record);
  start_one();
  ASSERT_TRUE(looks_again(one));
  EXPECT_EQ(store->lease_of("s1"), "");
  EXPECT_EQ(store->state_of("s1"), "paused");
  ASSERT_TRUE(about(one, "resume", "s1"));
  EXPECT_TRUE(becomes("s1", "completed"));
}

TEST_F(session_host_lease, a_cancelled_session_without_an_owner_is_ended_by_whoever_looks) {
  left_behind("s1", "cancelled");
  start_one();
  ASSERT_TRUE(becomes("s1", "cancelled"));
  EXPECT_TRUE(eventually(5s, [&] { return store->lease_of("s1").empty(); }));
  EXPECT_TRUE(one.link.published().empty());
  EXPECT_NE(store->record("s1")->status.finished_at, "");
  EXPECT_EQ(one.link.forgotten(), std::vector<std::string>{"s1"}); // what its owner left in the queue
}

TEST_F(session_host_lease, cancelling_a_session_that_nobody_owns_clears_its_queues) {
  left_behind("s1", "paused");
  auto record = *store->record("s1");
  record.status.coordinator = "";
  store->put(record);
  start_one();
  EXPECT_EQ(about(one, "cancel", "s1")->state, "cancelled");
  EXPECT_TRUE(eventually(5s, [&] { return one.link.forgotten().size() == 1; }));
}

TEST_F(session_host_lease,
       an_end_that_the_registry_does_not_take_is_tried_again_and_the_lease_kept_meanwhile) {
  stand_still_on_one();
  one.registry.break_off({"update"});
  one.answer_all();
  ASSERT_TRUE(eventually(10s, [&] { return !one.link.is_open("s1"); }));
  ASSERT_TRUE(looks_again(one));
  EXPECT_EQ(store->state_of("s1"), "running");
  EXPECT_EQ(store->lease_of("s1"), "one-1");
  one.registry.mend();
  ASSERT_TRUE(becomes("s1", "completed"));
  EXPECT_TRUE(eventually(5s, [&] { return store->lease_of("s1").empty(); }));
}

TEST_F(session_host_lease, an_end_whose_lease_is_lost_before_it_is_recorded_is_left_to_the_next_owner) {
  stand_still_on_one();
  one.registry.break_off({"update"});
  one.answer_all();
  ASSERT_TRUE(eventually(10s, [&] { return !one.link.is_open("s1"); }));
  store->give_lease("s1", "somebody");
  ASSERT_TRUE(looks_again(one));
  one.registry.mend();
  ASSERT_TRUE(looks_again(one));
  EXPECT_EQ(store->state_of("s1"), "running");
  store->give_lease("s1", "");
  EXPECT_TRUE(becomes("s1", "completed"));
}

TEST_F(session_host_lease, a_coordinator_that_cannot_renew_stops_in_time_and_goes_on_once_it_can) {
  stand_still_on_one();
  one.registry.break_off({"renew_lease", "changes", "find", "update", "create", "take_lease"});
  ASSERT_TRUE(eventually(10s, [&] { return !one.link.is_open("s1"); }));
  one.registry.mend();
  one.answering = true;
  EXPECT_TRUE(becomes("s1", "completed"));
}

TEST_F(session_host_lease, drain_gives_sessions_back_as_queued_and_ends) {
  stand_still_on_one();
  tell(one.host, drain_host{});
  ASSERT_TRUE(eventually(10s, [&] { return one.drained == 1; }));
  EXPECT_FALSE(one.ended_by);
  EXPECT_FALSE(one.service.is_open());
  EXPECT_EQ(store->state_of("s1"), "queued");
  EXPECT_EQ(store->record("s1")->status.coordinator, "");
  EXPECT_EQ(store->lease_of("s1"), "");
  EXPECT_TRUE(one.link.forgotten().empty()); // its work stays for the next owner
  start_other();
  EXPECT_TRUE(becomes("s1", "completed"));
}

TEST_F(session_host_lease, drain_keeps_what_arrives_within_the_grace) {
  one.answering = false;
  auto patient = config("one");
  patient.drain_grace = 500ms;
  start(one, patient);
  ASSERT_TRUE(submit(one, spec("s1")));
  ASSERT_TRUE(eventually(10s, [&] { return one.link.published().size() == 4; }));
  tell(one.host, drain_host{});
  ASSERT_TRUE(about(one, "status", "s1")); // it is draining by now
  one.answer_all();
  ASSERT_TRUE(eventually(10s, [&] { return one.drained == 1; }));
  EXPECT_EQ(store->record("s1")->status.embedded, 8U);
  EXPECT_EQ(one.link.published().size(), 4U);
}

TEST_F(session_host_lease, a_coordinator_with_nothing_to_do_drains_at_once) {
  start_one();
  tell(one.host, drain_host{});
  EXPECT_TRUE(eventually(10s, [&] { return one.drained == 1; }));
}

TEST_F(session_host_lease, a_session_that_the_store_has_lost_does_not_hold_a_coordinator_up) {
  stand_still_on_one();
  {
    const std::lock_guard lock(store->mutex);
    store->sessions.clear();
  }
  tell(one.host, drain_host{});
  EXPECT_TRUE(eventually(10s, [&] { return one.drained == 1; }));
}

TEST_F(session_host_lease, a_store_that_was_rolled_back_takes_the_end_of_a_session) {
  stand_still_on_one();
  store->roll_back();
  one.answer_all();
  EXPECT_TRUE(becomes("s1", "completed"));
}

TEST_F(session_host_lease, a_coordinator_that_cannot_begin_says_why) {
  other.service.refuse_to_open({failure_kind::nats_denied, "no right to make streams", ""});
  start(other, config("other"));
  ASSERT_TRUE(eventually(5s, [&] { return other.drained == 1; }));
  ASSERT_TRUE(other.ended_by);
  EXPECT_EQ(other.ended_by->kind, failure_kind::nats_denied);
}

} // namespace
} // namespace trainyard::testing
