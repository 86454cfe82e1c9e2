// A coordinator runs what it is given to its end, obeys its clients, and shows what can never run.
#include "tests/actors/host_bench.hpp"

#include "actors/coordinator/session_keeper.hpp"

namespace trainyard::testing {
namespace {

struct session_host_test : host_bench {};

TEST_F(session_host_test, a_submitted_session_runs_to_completed_with_closed_books_and_leaves_nothing_behind) {
  start_one();
  const auto made = submit(one, spec("s1"));
  ASSERT_TRUE(made) << made.error().cause;
  EXPECT_EQ(made->session_id, "s1");
  ASSERT_TRUE(becomes("s1", "completed"));
  const auto status = store->record("s1")->status;
  EXPECT_EQ(status.total, 10U);
  EXPECT_TRUE(status.total_is_final);
  EXPECT_EQ(status.embedded, 10U);
  EXPECT_EQ(status.pending, 0U);
  EXPECT_EQ(status.coordinator, "");
  EXPECT_NE(status.finished_at, "");
  EXPECT_TRUE(status.report);
  EXPECT_TRUE(eventually(5s, [&] { return store->lease_of("s1").empty(); }));
  EXPECT_EQ(one.link.forgotten(), std::vector<std::string>{"s1"});
  EXPECT_TRUE(std::filesystem::exists(output_of("s1") / "session.json"));
}

TEST_F(session_host_test, the_same_id_twice_is_one_session) {
  start_one();
  ASSERT_TRUE(submit(one, spec("s1")));
  const auto again = submit(one, spec("s1"));
  ASSERT_TRUE(again) << again.error().cause;
  EXPECT_EQ(again->session_id, "s1");
  ASSERT_TRUE(becomes("s1", "completed"));
  EXPECT_EQ(submit(one, spec("s1"))->state, "queued") << "to embed what is new";
  ASSERT_TRUE(becomes("s1", "completed"));
  EXPECT_EQ(one.link.published().size(), 5U) << "and nothing is";
}

TEST_F(session_host_test, another_job_of_the_same_id_is_a_conflict) {
  photos("b", 2);
  start_one();
  ASSERT_TRUE(submit(one, spec("s1")));
  auto larger = spec("s1");
  larger.batch_size = 7;
  EXPECT_EQ(submit(one, larger).error().kind, failure_kind::session_conflict);
  EXPECT_EQ(submit(one, spec("s1", "b")).error().kind, failure_kind::session_conflict);
}

TEST_F(session_host_test, pause_holds_dispatch_back_and_resume_goes_on) {
  one.answering = false;
  start_one();
  ASSERT_TRUE(submit(one, spec("s1")));
  ASSERT_TRUE(eventually(10s, [&] { return one.link.published().size() == 4; })); // its share: no worker yet
  ASSERT_TRUE(about(one, "pause", "s1"));
  one.answer_all();
  ASSERT_TRUE(eventually(10s, [&] { return one.link.acked().size() == 4; }));
  ASSERT_TRUE(looks_again(one));
  EXPECT_EQ(one.link.published().size(), 4U);
  EXPECT_EQ(store->state_of("s1"), "paused");
  EXPECT_EQ(about(one, "status", "s1")->state, "paused");
  ASSERT_TRUE(about(one, "resume", "s1"));
  EXPECT_TRUE(becomes("s1", "completed"));
}

TEST_F(session_host_test, cancel_ends_a_session_soon_and_publishes_nothing_more) {
  one.answering = false;
  start_one();
  ASSERT_TRUE(submit(one, spec("s1")));
  ASSERT_TRUE(eventually(10s, [&] { return one.link.published().size() == 4; }));
  ASSERT_TRUE(about(one, "cancel", "s1"));
  ASSERT_TRUE(becomes("s1", "cancelled"));
  EXPECT_TRUE(eventually(5s, [&] { return store->lease_of("s1").empty(); }));
  EXPECT_EQ(one.link.forgotten(), std::vector<std::string>{"s1"});
  one.answer_all();
  ASSERT_TRUE(looks_again(one));
  EXPECT_EQ(one.link.published().size(), 4U);
  EXPECT_EQ(one.link.acked().size(), 0U);
}

TEST_F(session_host_test, a_cancelled_session_goes_on_where_it_stopped_when_it_is_retried) {
  one.answering = false;
  start_one();
  ASSERT_TRUE(submit(one, spec("s1")));
  ASSERT_TRUE(eventually(10s, [&] { return one.link.published().size() == 4; }));
  one.link.deliver("s1", delivery_of(one.link.published()[0]));
  ASSERT_TRUE(eventually(10s, [&] { return one.link.acked().size() == 1; }));
  ASSERT_TRUE(about(one, "cancel", "s1"));
  ASSERT_TRUE(becomes("s1", "cancelled"));
  one.answering = true;
  ASSERT_TRUE(about(one, "retry", "s1"));
  ASSERT_TRUE(becomes("s1", "completed"));
  EXPECT_EQ(std::ranges::count(one.link.published(), 0U, &work_batch::batch), 1); // it was done before
  EXPECT_EQ(std::ranges::count(one.link.published(), 1U, &work_batch::batch), 2);
}

TEST_F(session_host_test, a_session_gets_its_share_of_the_workers_that_there_are) {
  photos("b", 200);
  one.answering = false;
  start_one();
  node_heartbeat beat;
  beat.node = "gpu1";
  beat.pool = "mock_fp32";
  beat.credit = 6;
  one.service.node_event(beat);
  auto heavy = spec("heavy", "b");
  heavy.weight = 3;
  auto light = spec("light", "b");
  ASSERT_TRUE(submit(one, heavy));
  ASSERT_TRUE(submit(one, light));
  const auto in_flight = [&](const std::string& session) {
    return std::ranges::count(one.link.published(), session, &work_batch::session);
  };
  // Before both are known each may have had more; what is published stays out.
  EXPECT_TRUE(eventually(10s, [&] { return in_flight("heavy") >= 9 && in_flight("light") >= 3; }));
}

TEST_F(session_host_test, a_published_job_is_acknowledged_only_once_the_registry_has_it) {
  start_one();
  one.registry.break_off({"create"});
  one.service.publish_job("s1", to_msgpack(spec("s1")), "first");
  ASSERT_TRUE(looks_again(one));
  EXPECT_TRUE(one.service.acked_jobs().empty());
  one.registry.mend();
  one.service.publish_job("s1", to_msgpack(spec("s1")), "again");
  ASSERT_TRUE(becomes("s1", "completed"));
  EXPECT_EQ(one.service.acked_jobs(), std::vector<std::string>{"again"});
}

TEST_F(session_host_test, a_job_that_can_never_run_becomes_a_failed_session_with_a_code) {
  start_one();
  one.service.publish_job("gone", to_msgpack(spec("gone", "not/there")), "a", 9);
  one.service.publish_job("rubbish", std::vector<std::byte>(20, std::byte{0xc1}), "b");
  one.service.publish_job("name", to_msgpack(spec("another")), "c");
  ASSERT_TRUE(becomes("gone", "failed"));
  ASSERT_TRUE(becomes("rubbish", "failed"));
  ASSERT_TRUE(becomes("name", "failed"));
  EXPECT_EQ(store->record("gone")->status.code, "TY1101");
  EXPECT_NE(store->record("gone")->status.reason.find("not/there"), std::string::npos);
  EXPECT_EQ(store->record("rubbish")->status.code, "TY1601");
  EXPECT_EQ(store->record("name")->status.code, "TY1001");
  EXPECT_TRUE(eventually(5s, [&] { return one.service.acked_jobs().size() == 3; }));
}

TEST_F(session_host_test, an_output_that_another_host_has_open_is_waited_for) {
  const session_intake intake(config("x").intake);
  auto elsewhere =
      session_keeper::open(intake.configure(intake.accept(spec("s1"), "s1", "2026").value()).value());
  ASSERT_TRUE(elsewhere) << elsewhere.error().cause;
  start_one();
  ASSERT_TRUE(submit(one, spec("s1")));
  ASSERT_TRUE(eventually(10s, [&] { return store->record("s1")->status.reason != ""; }));
  EXPECT_EQ(store->state_of("s1"), "queued");
  EXPECT_EQ(store->record("s1")->status.code, "");
  EXPECT_TRUE(one.link.forgotten().empty());
  { const auto closed = std::move(*elsewhere); }
  EXPECT_TRUE(eventually(20s, [&] { return store->state_of("s1") == "completed"; }));
}

TEST_F(session_host_test, an_output_that_holds_another_session_fails_the_new_one) {
  start_one();
  ASSERT_TRUE(submit(one, spec("s1")));
  ASSERT_TRUE(becomes("s1", "completed"));
  auto same_folder = spec("s2");
  same_folder.output = "s1";
  ASSERT_TRUE(submit(one, same_folder));
  ASSERT_TRUE(becomes("s2", "failed"));
  EXPECT_EQ(store->record("s2")->status.code, "TY1203");
  EXPECT_NE(store->record("s2")->status.reason.find("s1"), std::string::npos);
}

TEST_F(session_host_test, a_session_whose_folder_has_gone_since_it_was_submitted_fails_with_a_code) {
  left_behind("s1", "running");
  std::filesystem::remove_all(dir.path() / "photos" / "a");
  start_one();
  ASSERT_TRUE(becomes("s1", "failed"));
  EXPECT_EQ(store->record("s1")->status.code, "TY1101");
  EXPECT_TRUE(eventually(5s, [&] { return store->lease_of("s1").empty(); }));
}

TEST_F(session_host_test, more_sessions_than_it_works_on_at_once_wait_for_their_turn) {
  auto narrow = config("one");
  narrow.most_sessions = 1;
  one.answering = false;
  start(one, narrow);
  ASSERT_TRUE(submit(one, spec("s1")));
  ASSERT_TRUE(submit(one, spec("s2")));
  ASSERT_TRUE(eventually(10s, [&] { return one.link.published().size() == 4; }));
  ASSERT_TRUE(looks_again(one));
  EXPECT_EQ(store->state_of("s2"), "queued");
  EXPECT_NE(about(one, "status", "s2")->reason.find("waits for a coordinator"), std::string::npos);
  one.answer_all();
  EXPECT_TRUE(becomes("s1", "completed"));
  EXPECT_TRUE(becomes("s2", "completed"));
}

TEST_F(session_host_test, lists_every_session_and_its_workers_devices) {
  start_one();
  ASSERT_TRUE(submit(one, spec("s1")));
  ASSERT_TRUE(becomes("s1", "completed"));
  const auto all = ask<session_list>(one, "list", "", {});
  ASSERT_TRUE(all);
  ASSERT_EQ(all->sessions.size(), 1U);
  EXPECT_FALSE(all->sessions[0].report);
  node_heartbeat beat;
  beat.node = "gpu1";
  beat.devices.emplace_back().id = "cuda:0";
  one.service.node_event(beat);
  one.service.session_event(std::vector<std::byte>(7, std::byte{0xc1})); // rubbish costs nothing
  const auto devices = ask<device_list>(one, "devices", "", {});
  ASSERT_TRUE(devices);
  ASSERT_EQ(devices->devices.size(), 1U);
}

} // namespace
} // namespace trainyard::testing
