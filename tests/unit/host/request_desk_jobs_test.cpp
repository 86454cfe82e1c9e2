// A published job has nobody to answer: what cannot run is shown as a session that failed.
#include "tests/unit/host/desk_world.hpp"

namespace trainyard::testing {
namespace {

struct request_desk_jobs : desk_world {
  result<void> take(const std::string& session, const std::vector<std::byte>& payload,
                    std::uint64_t delivered = 100) {
    return desk->take_job("trainyard.jobs." + session, payload, delivered);
  }
};

TEST_F(request_desk_jobs, a_job_is_a_session_under_the_last_token_of_its_subject) {
  ASSERT_TRUE(take("s1", to_msgpack(spec("2024"))));
  ASSERT_TRUE(
      take("s2", bytes(R"({"schema":1,"training_directory":"2024","root":"photos","session_id":"s2"})")));
  EXPECT_EQ(store->state_of("s1"), "queued");
  EXPECT_EQ(store->state_of("s2"), "queued");
  EXPECT_EQ(store->record("s1")->spec.session_id, "s1");
}

TEST_F(request_desk_jobs, a_job_that_comes_again_changes_nothing) {
  ASSERT_TRUE(take("s1", to_msgpack(spec("2024"))));
  ASSERT_TRUE(take("bad", to_msgpack(spec("gone"))));
  const auto good = store->revision_of("s1");
  const auto bad = store->revision_of("bad");
  ASSERT_TRUE(take("s1", to_msgpack(spec("2024"))));
  ASSERT_TRUE(take("bad", to_msgpack(spec("gone"))));
  EXPECT_EQ(store->revision_of("s1"), good);
  EXPECT_EQ(store->revision_of("bad"), bad);
}

TEST_F(request_desk_jobs, what_can_never_run_is_a_failed_session_with_cause_and_code) {
  ASSERT_TRUE(take("gone", to_msgpack(spec("gone"))));
  const auto gone = store->record("gone")->status;
  EXPECT_EQ(gone.state, "failed");
  EXPECT_EQ(gone.code, "TY1101");
  EXPECT_NE(gone.reason.find("gone"), std::string::npos);
  EXPECT_EQ(gone.training_directory, "gone");
  EXPECT_EQ(gone.submitted_at, gone.finished_at);
  ASSERT_TRUE(take("other", to_msgpack(job("s1"))));
  EXPECT_EQ(store->record("other")->status.code, "TY1001");
  ASSERT_TRUE(take("rubbish", std::vector<std::byte>(9, std::byte{0xc1})));
  EXPECT_EQ(store->record("rubbish")->status.code, "TY1601");
  ASSERT_TRUE(take("empty", {}));
  EXPECT_EQ(store->record("empty")->status.code, "TY1601");
}

TEST_F(request_desk_jobs, what_another_coordinator_may_have_is_left_to_it_for_some_deliveries) {
  EXPECT_FALSE(take("gone", to_msgpack(spec("gone")), 1));
  EXPECT_FALSE(take("gone", to_msgpack(spec("gone")), 3));
  EXPECT_TRUE(store->sessions.empty());
  ASSERT_TRUE(take("gone", to_msgpack(spec("gone")), 4));
  EXPECT_EQ(store->record("gone")->status.state, "failed");
  ASSERT_TRUE(take("rubbish", {}, 1)) << "nobody can run this";
  EXPECT_EQ(store->record("rubbish")->status.state, "failed");
}

TEST_F(request_desk_jobs, another_job_of_a_known_id_leaves_that_session_alone) {
  ASSERT_TRUE(take("s1", to_msgpack(spec("2024"))));
  const auto revision = store->revision_of("s1");
  ASSERT_TRUE(take("s1", to_msgpack(spec("2024/may"))));
  EXPECT_EQ(store->revision_of("s1"), revision);
  EXPECT_EQ(store->record("s1")->spec.training_directory, "2024");
}

TEST_F(request_desk_jobs, a_job_without_a_usable_id_is_dropped) {
  ASSERT_TRUE(take("a b", to_msgpack(spec("2024"))));
  ASSERT_TRUE(take("", to_msgpack(spec("2024"))));
  EXPECT_TRUE(store->sessions.empty());
}

TEST_F(request_desk_jobs, a_registry_that_is_away_is_for_trying_again) {
  registry.break_off({"create"});
  EXPECT_EQ(take("s1", to_msgpack(spec("2024"))).error().kind, failure_kind::nats_unreachable);
  EXPECT_EQ(take("bad", to_msgpack(spec("gone"))).error().kind, failure_kind::nats_unreachable);
  registry.mend();
  EXPECT_TRUE(take("s1", to_msgpack(spec("2024"))));
  EXPECT_EQ(store->state_of("s1"), "queued");
}

} // namespace
} // namespace trainyard::testing
