// Jobs wait for a coordinator, and for another one where that does not acknowledge them.
#include "messages/api.hpp"
#include "messages/codec.hpp"
#include "tests/integration/nats/coordinator_listener.hpp"
#include "tests/integration/nats/hand_server.hpp"

namespace trainyard::testing {
namespace {

using json = nlohmann::json;

struct coordinator_jobs_test : coordinator_world {};

TEST_F(coordinator_jobs_test, the_jobs_stream_and_its_consumer_are_made_as_designed) {
  listener one(connect());
  ASSERT_TRUE(one.open());
  const auto stream = (*box->call_api("STREAM.INFO.TRAINYARD_JOBS", json()))["config"];
  EXPECT_EQ(stream["subjects"], json({"trainyard.jobs.*"}));
  EXPECT_EQ(stream["retention"], "workqueue");
  EXPECT_EQ(stream["storage"], "file");
  EXPECT_EQ(stream["discard"], "new");
  EXPECT_EQ(stream["max_bytes"], 256LL << 20);
  EXPECT_EQ(stream["duplicate_window"], 120'000'000'000);
  const auto consumer = (*box->call_api("CONSUMER.INFO.TRAINYARD_JOBS.coordinators", json()))["config"];
  EXPECT_EQ(consumer["ack_wait"], 30'000'000'000);
  EXPECT_EQ(consumer["max_deliver"], -1);
  EXPECT_EQ(consumer["ack_policy"], "explicit");
}

TEST_F(coordinator_jobs_test, a_job_published_before_any_coordinator_existed_is_delivered_as_it_is) {
  ASSERT_TRUE(ensure_jobs_stream(*box, subjects(), {})); // as an operator may make it
  const std::string spec = R"({"schema":1,"training_directory":"photos"})";
  publish_job("night-1", spec);
  listener later(connect());
  ASSERT_TRUE(later.open());
  ASSERT_TRUE(later.jobs.reaches(1));
  EXPECT_EQ(later.jobs.at(0).subject, "trainyard.jobs.night-1");
  EXPECT_EQ(text_of(later.jobs.at(0).payload), spec);
  EXPECT_EQ(decode<session_spec>(later.jobs.at(0).payload).value().training_directory, "photos");
}

TEST_F(coordinator_jobs_test, an_acknowledged_job_is_gone) {
  listener one(connect());
  ASSERT_TRUE(one.open());
  publish_job("a");
  ASSERT_TRUE(one.jobs.reaches(1));
  one.service->ack_job(one.jobs.at(0).ack_subject);
  EXPECT_TRUE(eventually(
      5s, [&] { return (*box->call_api("STREAM.INFO.TRAINYARD_JOBS", json()))["state"]["messages"] == 0; }));
}

TEST_F(coordinator_jobs_test, a_job_that_was_not_acknowledged_comes_to_another_once_its_service_closes) {
  listener first(connect()), second(connect());
  ASSERT_TRUE(first.open());
  publish_job("a");
  ASSERT_TRUE(first.jobs.reaches(1));
  ASSERT_TRUE(second.open());
  EXPECT_EQ(second.jobs.size(), 0U);
  first.service->close();
  ASSERT_TRUE(second.jobs.reaches(1)) << "no ack_wait to sit out";
  EXPECT_EQ(second.jobs.at(0).subject, "trainyard.jobs.a");
  EXPECT_GE(second.jobs.at(0).delivered, 2U);
}

TEST_F(coordinator_jobs_test, a_job_whose_coordinator_fell_silent_comes_again_after_ack_wait) {
  options.streams.jobs_ack_wait = 1s;
  listener silent(connect(), options);
  ASSERT_TRUE(silent.open());
  publish_job("a");
  ASSERT_TRUE(silent.jobs.reaches(2));
  EXPECT_EQ(silent.jobs.at(1).delivered, 2U);
}

TEST_F(coordinator_jobs_test, at_most_sixteen_jobs_are_in_hand_and_each_acknowledgement_brings_one_more) {
  listener one(connect());
  ASSERT_TRUE(one.open());
  for (int i = 0; i < 40; ++i)
    publish_job("j" + std::to_string(i));
  ASSERT_TRUE(one.jobs.reaches(16));
  EXPECT_FALSE(one.jobs.reaches(17, 300ms));
  for (int again = 0; again < 2; ++again)
    one.service->ack_job(one.jobs.at(0).ack_subject);
  ASSERT_TRUE(one.jobs.reaches(17));
  EXPECT_FALSE(one.jobs.reaches(18, 300ms));
  for (std::size_t i = 1; i < 40; ++i) {
    ASSERT_TRUE(one.jobs.reaches(i + 1));
    one.service->ack_job(one.jobs.at(i).ack_subject);
  }
}

TEST_F(coordinator_jobs_test, a_jobs_stream_of_another_meaning_is_refused) {
  ASSERT_TRUE(box->call_api("STREAM.CREATE.TRAINYARD_JOBS",
                            json{{"name", "TRAINYARD_JOBS"}, {"subjects", {"trainyard.jobs.>"}}}));
  listener one(connect());
  const auto opened = one.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, failure_kind::nats_protocol);
  EXPECT_NE(opened.error().cause.find("TRAINYARD_JOBS"), std::string::npos);
}

TEST_F(coordinator_jobs_test, a_consumer_that_was_deleted_is_made_again) {
  listener one(connect());
  ASSERT_TRUE(one.open());
  ASSERT_TRUE(box->call_api("CONSUMER.DELETE.TRAINYARD_JOBS.coordinators", json()));
  publish_job("a");
  EXPECT_TRUE(one.jobs.reaches(1, 30s));
}

TEST(coordinator_jobs, goes_on_after_a_restart_and_after_the_store_was_lost) {
  hand_server server;
  listener one(connection::open(server.login()).value());
  ASSERT_TRUE(one.open());
  const auto box = *inbox::open(connection::open(server.login()).value());
  const auto publish = [&](const std::string& id) {
    return eventually(30s, [&] {
      request what;
      what.subject = "trainyard.jobs." + id;
      what.payload = payload_of("{}");
      what.timeout = 1s;
      return box->call_json(std::move(what)).has_value();
    });
  };
  server.kill();
  server.start();
  ASSERT_TRUE(publish("a"));
  ASSERT_TRUE(one.jobs.reaches(1, 30s));
  server.kill();
  server.lose_store();
  server.start();
  ASSERT_TRUE(publish("b"));
  EXPECT_TRUE(eventually(30s, [&] { return one.jobs.all().back().subject == "trainyard.jobs.b"; }));
  EXPECT_TRUE(eventually(10s, [&] {
    request what;
    what.subject = "trainyard.api.list";
    what.timeout = 1s;
    return box->call(std::move(what)).has_value();
  }));
}

} // namespace
} // namespace trainyard::testing
