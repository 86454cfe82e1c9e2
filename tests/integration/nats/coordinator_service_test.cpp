// Jobs that wait for a coordinator, requests that one of them answers, events that all of them hear.
#include "nodes/nats/nats_coordinator_service.hpp"

#include <nlohmann/json.hpp>

#include "messages/api.hpp"
#include "messages/codec.hpp"
#include "tests/integration/nats/hand_server.hpp"
#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {
namespace {

using json = nlohmann::json;

/// A coordinator's ears, as far as they go.
struct listener {
  std::shared_ptr<connection> link;
  collector jobs;
  std::mutex mutex;
  std::vector<api_request> requests;
  std::vector<std::string> session_events, node_events;
  std::unique_ptr<nats_coordinator_service> service; ///< last: its sinks use all above

  explicit listener(std::shared_ptr<connection> by, nats_link_options options = {})
      : link(std::move(by)), service(std::make_unique<nats_coordinator_service>(link, std::move(options))) {}

  result<void> open(bool answers = true) {
    service_sinks sinks;
    sinks.on_job = jobs.sink();
    sinks.on_request = [this, answers](api_request asked) {
      if (answers)
        service->reply(asked.reply_to, payload_of("re: " + asked.verb));
      const std::lock_guard lock(mutex);
      requests.push_back(std::move(asked));
    };
    sinks.on_session_event = [this](std::vector<std::byte> event) {
      const std::lock_guard lock(mutex);
      session_events.emplace_back(text_of(event));
    };
    sinks.on_node_event = [this](std::vector<std::byte> event) {
      const std::lock_guard lock(mutex);
      node_events.emplace_back(text_of(event));
    };
    return service->open(std::move(sinks));
  }
  template <class List>
  std::size_t count(const List& list) {
    const std::lock_guard lock(mutex);
    return list.size();
  }
};

struct coordinator_service_test : nats_world {
  std::shared_ptr<inbox> box = *inbox::open(connect());

  static request to(const std::string& subject, std::string_view text) {
    request what;
    what.subject = subject;
    what.payload = payload_of(text);
    return what;
  }
  void publish_job(const std::string& id, std::string_view text = "{}") {
    ASSERT_TRUE(box->call_json(to("trainyard.jobs." + id, text)));
  }
};

TEST_F(coordinator_service_test, the_jobs_stream_and_its_consumer_are_made_as_designed) {
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

TEST_F(coordinator_service_test, a_job_published_before_any_coordinator_existed_is_delivered_as_it_is) {
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

TEST_F(coordinator_service_test, an_acknowledged_job_is_gone) {
  listener one(connect());
  ASSERT_TRUE(one.open());
  publish_job("a");
  ASSERT_TRUE(one.jobs.reaches(1));
  one.service->ack_job(one.jobs.at(0).ack_subject);
  EXPECT_TRUE(eventually(
      5s, [&] { return (*box->call_api("STREAM.INFO.TRAINYARD_JOBS", json()))["state"]["messages"] == 0; }));
}

TEST_F(coordinator_service_test, a_job_that_was_not_acknowledged_comes_to_another_once_its_service_closes) {
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

TEST_F(coordinator_service_test, a_job_whose_coordinator_fell_silent_comes_again_after_ack_wait) {
  options.streams.jobs_ack_wait = 1s;
  listener silent(connect(), options);
  ASSERT_TRUE(silent.open());
  publish_job("a");
  ASSERT_TRUE(silent.jobs.reaches(2));
  EXPECT_EQ(silent.jobs.at(1).delivered, 2U);
}

TEST_F(coordinator_service_test, at_most_sixteen_jobs_are_in_hand_and_each_acknowledgement_brings_one_more) {
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

TEST_F(coordinator_service_test, with_two_services_open_each_request_is_answered_once) {
  listener first(connect()), second(connect());
  ASSERT_TRUE(first.open());
  ASSERT_TRUE(second.open());
  constexpr int asked = 200;
  for (int i = 0; i < asked; ++i) {
    const auto got = box->call(to("trainyard.api.status.s" + std::to_string(i), "{}"));
    ASSERT_TRUE(got) << got.error().cause;
    EXPECT_EQ(text_of(got->payload), "re: status");
  }
  const auto all = [&] { return first.count(first.requests) + second.count(second.requests); };
  EXPECT_FALSE(eventually(200ms, [&] { return all() != asked; }));
  EXPECT_GT(first.count(first.requests), 0U);
  EXPECT_GT(second.count(second.requests), 0U);
}

TEST_F(coordinator_service_test, a_request_is_taken_apart_into_verb_session_and_payload) {
  options.names = subjects("team.b");
  listener one(connect(), options);
  ASSERT_TRUE(one.open());
  ASSERT_TRUE(box->call(to("team.b.api.submit", R"({"a":1})")));
  ASSERT_TRUE(box->call(to("team.b.api.failures.s-1_X", "x")));
  ASSERT_TRUE(box->call(to("team.b.api.status.a.b", "")));
  const std::lock_guard lock(one.mutex);
  ASSERT_EQ(one.requests.size(), 3U);
  EXPECT_EQ(one.requests[0].verb, "submit");
  EXPECT_EQ(one.requests[0].session, "");
  EXPECT_EQ(text_of(one.requests[0].payload), R"({"a":1})");
  EXPECT_EQ(one.requests[1].verb, "failures");
  EXPECT_EQ(one.requests[1].session, "s-1_X");
  EXPECT_EQ(one.requests[2].session, "a.b");
}

TEST_F(coordinator_service_test, a_request_without_a_reply_subject_is_heard_and_not_answered) {
  listener one(connect());
  ASSERT_TRUE(one.open());
  ASSERT_TRUE(box->link()->publish("trainyard.api.cancel.s1", bytes_of("{}")));
  EXPECT_TRUE(eventually(5s, [&] { return one.count(one.requests) == 1; }));
  const std::lock_guard lock(one.mutex);
  EXPECT_EQ(one.requests.at(0).verb, "cancel");
  EXPECT_EQ(one.requests.at(0).reply_to, "");
}

TEST_F(coordinator_service_test, an_answer_above_the_servers_limit_becomes_an_error_that_says_so) {
  listener one(connect());
  ASSERT_TRUE(one.open(false));
  std::promise<nats_message> got;
  box->ask(to("trainyard.api.list", "{}"),
           [&](result<nats_message> m) { got.set_value(std::move(m.value())); });
  ASSERT_TRUE(eventually(5s, [&] { return one.count(one.requests) == 1; }));
  std::vector<std::byte> large(box->link()->max_payload_bytes() + 1, std::byte{' '});
  large[0] = std::byte{'{'};
  one.service->reply(one.requests.at(0).reply_to, large);
  const auto answer = got.get_future().get();
  const auto refused = from_json_text<error_reply>(answer.payload);
  ASSERT_TRUE(refused) << text_of(answer.payload);
  EXPECT_EQ(refused->error.code, code_of(failure_kind::message_invalid));
}

TEST_F(coordinator_service_test, every_service_hears_every_event) {
  listener first(connect()), second(connect());
  ASSERT_TRUE(first.open());
  ASSERT_TRUE(second.open());
  const auto coordinator = this->coordinator();
  const subjects names;
  coordinator->publish_event(names.session_events("s1"), payload_of("progress"));
  coordinator->publish_event(names.node_events("n1"), payload_of("heartbeat"));
  ASSERT_TRUE(eventually(5s, [&] {
    return first.count(first.session_events) > 0 && second.count(second.session_events) > 0 &&
           first.count(first.node_events) > 0 && second.count(second.node_events) > 0;
  }));
  const std::lock_guard lock(first.mutex);
  EXPECT_EQ(first.session_events.at(0), "progress");
  EXPECT_EQ(first.node_events.at(0), "heartbeat");
}

TEST_F(coordinator_service_test, no_sink_runs_after_close_and_it_may_open_again) {
  listener one(connect());
  ASSERT_TRUE(one.open());
  one.service->close();
  one.service->close();
  ASSERT_TRUE(one.link->flush(2s));
  publish_job("a");
  EXPECT_EQ(box->call(to("trainyard.api.list", "{}")).error().kind, failure_kind::nats_unreachable);
  EXPECT_FALSE(one.jobs.reaches(1, 200ms));
  EXPECT_EQ(one.count(one.requests), 0U);
  ASSERT_TRUE(one.open());
  EXPECT_TRUE(one.jobs.reaches(1));
  EXPECT_TRUE(box->call(to("trainyard.api.list", "{}")));
}

TEST_F(coordinator_service_test, a_jobs_stream_of_another_meaning_is_refused) {
  ASSERT_TRUE(box->call_api("STREAM.CREATE.TRAINYARD_JOBS",
                            json{{"name", "TRAINYARD_JOBS"}, {"subjects", {"trainyard.jobs.>"}}}));
  listener one(connect());
  const auto opened = one.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, failure_kind::nats_protocol);
  EXPECT_NE(opened.error().cause.find("TRAINYARD_JOBS"), std::string::npos);
}

TEST_F(coordinator_service_test, a_consumer_that_was_deleted_is_made_again) {
  listener one(connect());
  ASSERT_TRUE(one.open());
  ASSERT_TRUE(box->call_api("CONSUMER.DELETE.TRAINYARD_JOBS.coordinators", json()));
  publish_job("a");
  EXPECT_TRUE(one.jobs.reaches(1, 30s));
}

TEST(coordinator_service, goes_on_after_a_restart_and_after_the_store_was_lost) {
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
