// What a session leaves in the queues goes; what other sessions have there stays and is delivered.
#include <nlohmann/json.hpp>

#include "nodes/nats/stored_messages.hpp"
#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {
namespace {

using json = nlohmann::json;

struct forget_session_test : nats_world {
  std::shared_ptr<inbox> box = *inbox::open(connect());
  std::unique_ptr<nats_coordinator_link> link = coordinator();

  std::uint64_t left(const std::string& stream, const std::string& subject = ">") {
    const auto info = box->call_api("STREAM.INFO." + stream, json{{"subjects_filter", subject}});
    return (*info)["state"].value("subjects", json::object()).size();
  }
  void publish(const std::string& session, std::uint64_t batches, int priority = 1,
               const std::string& pool = "pool") {
    for (std::uint64_t batch = 0; batch < batches; ++batch)
      ASSERT_EQ(publish_and_wait(*link, {pool, priority, session, batch}), publish_outcome::stored);
  }
  static std::size_t of_session(const std::vector<delivery>& all, const std::string& session) {
    std::set<std::string> subjects;
    for (const auto& each : all)
      if (each.subject.find("." + session + ".") != std::string::npos)
        subjects.insert(each.subject);
    return subjects.size();
  }
};

TEST_F(forget_session_test, its_work_goes_from_every_pool_and_priority_and_nobody_elses) {
  publish("s1", 5, 0);
  publish("s1", 5, 2);
  publish("s1", 5, 1, "other");
  publish("s2", 5);
  publish("s", 2);
  publish("s11", 2);
  ASSERT_TRUE(link->forget_session("s1"));
  EXPECT_EQ(left("TRAINYARD_WORK", "trainyard.work.*.*.s1.*"), 0U);
  EXPECT_EQ(left("TRAINYARD_WORK"), 9U);
}

TEST_F(forget_session_test, queued_and_in_flight_work_of_others_is_still_delivered) {
  options.streams.work_ack_wait = 2s;
  collector first, second;
  const auto worker = this->worker();
  ASSERT_TRUE(worker->open_work("pool", first.sink()));
  for (std::uint64_t batch = 0; batch < 20; ++batch)
    for (const char* session : {"s1", "s2"})
      ASSERT_EQ(publish_and_wait(*link, {"pool", 1, session, batch}), publish_outcome::stored);
  worker->add_credit(10);
  ASSERT_TRUE(first.reaches(10));
  ASSERT_GT(of_session(first.all(), "s1"), 0U);
  ASSERT_GT(of_session(first.all(), "s2"), 0U);
  ASSERT_TRUE(link->forget_session("s1"));
  EXPECT_EQ(left("TRAINYARD_WORK"), 20U);
  worker->close_work(); // as if it died: what it held of s2 comes to another after ack_wait
  const auto other = this->worker();
  ASSERT_TRUE(other->open_work("pool", second.sink()));
  other->add_credit(100);
  EXPECT_TRUE(eventually(20s, [&] { return of_session(second.all(), "s2") == 20; }))
      << of_session(second.all(), "s2");
  EXPECT_EQ(of_session(second.all(), "s1"), 0U);
  for (const auto& each : second.all())
    EXPECT_TRUE(ack_and_wait(*other, each.ack_subject));
  EXPECT_TRUE(eventually(5s, [&] { return left("TRAINYARD_WORK") == 0; }));
}

TEST_F(forget_session_test, its_batches_can_be_queued_anew_and_are_delivered) {
  collector got;
  publish("s1", 5);
  ASSERT_TRUE(link->forget_session("s1"));
  const auto worker = this->worker();
  ASSERT_TRUE(worker->open_work("pool", got.sink()));
  worker->add_credit(10);
  for (std::uint64_t batch = 0; batch < 5; ++batch)
    ASSERT_EQ(publish_and_wait(*link, {"pool", 1, "s1", batch, 2}), publish_outcome::stored);
  EXPECT_TRUE(got.reaches(5));
}

TEST_F(forget_session_test, its_results_go_and_other_sessions_keep_theirs) {
  collector ours, theirs;
  const auto worker = this->worker();
  ASSERT_TRUE(link->open_results("s1", 1, 2, ours.sink()));
  ASSERT_TRUE(link->open_results("s2", 1, 2, theirs.sink()));
  for (std::uint64_t batch = 0; batch < 5; ++batch)
    for (const char* session : {"s1", "s2"})
      for (std::uint32_t attempt = 1; attempt <= 2; ++attempt)
        ASSERT_EQ(result_and_wait(*worker, session, batch, attempt), publish_outcome::stored);
  ASSERT_TRUE(ours.reaches(2));
  ASSERT_TRUE(theirs.reaches(2));
  const auto gone = link->forget_session("s1");
  ASSERT_TRUE(gone) << gone.error().cause;
  EXPECT_EQ(left("TRAINYARD_RESULTS", "trainyard.results.s1.>"), 0U);
  EXPECT_FALSE(ours.reaches(3, 200ms));
  EXPECT_FALSE(box->call_api("CONSUMER.INFO.TRAINYARD_RESULTS.s1_e1", json()));
  for (std::size_t i = 0; i < 10; ++i) {
    ASSERT_TRUE(theirs.reaches(i + 1));
    link->ack_result(theirs.at(i).ack_subject);
  }
  EXPECT_TRUE(eventually(5s, [&] { return left("TRAINYARD_RESULTS") == 0; }));
}

TEST_F(forget_session_test, a_session_without_anything_is_forgotten_and_a_wildcard_is_refused) {
  EXPECT_TRUE(link->forget_session("never-seen"));
  publish("s1", 1);
  for (const std::string bad : {"", "*", ">", "a.b"})
    EXPECT_EQ(link->forget_session(bad).error().kind, failure_kind::message_invalid) << bad;
  EXPECT_EQ(left("TRAINYARD_WORK"), 1U);
}

TEST_F(forget_session_test, two_coordinators_may_forget_the_same_session_at_once) {
  publish("s1", 100);
  publish("s2", 3);
  const auto other = coordinator();
  auto theirs = std::async(std::launch::async, [&] { return other->forget_session("s1"); });
  const auto ours = link->forget_session("s1");
  EXPECT_TRUE(ours) << ours.error().cause;
  EXPECT_TRUE(theirs.get());
  EXPECT_EQ(left("TRAINYARD_WORK"), 3U);
}

} // namespace
} // namespace trainyard::testing
