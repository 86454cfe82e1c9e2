// Requests that one of the coordinators answers, events that all of them hear.
#include "messages/api.hpp"
#include "messages/codec.hpp"
#include "tests/integration/nats/coordinator_listener.hpp"

namespace trainyard::testing {
namespace {

struct coordinator_service_test : coordinator_world {};

TEST_F(coordinator_service_test, with_two_services_open_each_request_is_answered_once) {
  listener first(connect()), second(connect());
  ASSERT_TRUE(first.open());
  ASSERT_TRUE(second.open());
  constexpr std::size_t asked = 200;
  for (std::size_t i = 0; i < asked; ++i) {
    const auto got = box->call(to("trainyard.api.status.s" + std::to_string(i), "{}"));
    ASSERT_TRUE(got) << got.error().cause;
    EXPECT_EQ(text_of(got->payload), "re: status");
  }
  const auto all = [&] { return first.count(first.requests) + second.count(second.requests); };
  EXPECT_FALSE(eventually(200ms, [&] { return all() > asked; }));
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

} // namespace
} // namespace trainyard::testing
