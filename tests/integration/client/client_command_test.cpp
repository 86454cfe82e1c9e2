// One request, one answer; and every way in which there is none.
#include "tests/integration/client/client_world.hpp"

#include "messages/api.hpp"
#include "messages/codec.hpp"

namespace trainyard::testing {
namespace {

std::string status_text(const std::string& id, const std::string& state) {
  session_status status;
  status.session_id = id;
  status.state = state;
  return to_json_text(status);
}

TEST_F(client_world, commands_about_a_session_ask_their_verb_and_print_the_status) {
  const responder there(connect(), [](const responder::request& asked) {
    return std::optional(status_text(asked.session, asked.verb));
  });
  for (const std::string verb : {"status", "pause", "resume", "cancel", "retry"}) {
    const auto did = run(verb, {"s1"});
    EXPECT_EQ(did.status, 0) << did.err;
    EXPECT_THAT(did.out, HasSubstr("session       s1\nstate         " + verb + "\n"));
    EXPECT_EQ(did.err, "");
  }
}

TEST_F(client_world, json_is_the_reply_itself_on_one_line) {
  const responder there(connect(), [](const responder::request& asked) {
    auto reply = nlohmann::ordered_json::parse(status_text(asked.session, "running"));
    reply["later"] = "kept";
    return std::optional(reply.dump(2));
  });
  const auto did = run("status", {"s1"}, {{"run.json", "true"}});
  EXPECT_EQ(did.status, 0) << did.err;
  EXPECT_EQ(did.out.find('\n'), did.out.size() - 1);
  const auto is = nlohmann::json::parse(did.out);
  EXPECT_EQ(is["state"], "running");
  EXPECT_EQ(is["later"], "kept") << "a newer coordinator's field";
}

TEST_F(client_world, sessions_and_devices_are_listed) {
  const responder there(connect(), [](const responder::request& asked) {
    session_list sessions;
    sessions.sessions.emplace_back().session_id = "s1";
    device_list devices;
    devices.devices.emplace_back().node = "box";
    return std::optional(asked.verb == "list" ? to_json_text(sessions) : to_json_text(devices));
  });
  EXPECT_THAT(run("sessions").out, HasSubstr("\ns1 "));
  EXPECT_THAT(run("devices").out, HasSubstr("\nbox "));
  EXPECT_EQ(there.seen().at(0).verb, "list");
  EXPECT_EQ(there.seen().at(0).payload, "{}") << "JSON, as the answer has the coding of the request";
  EXPECT_EQ(there.seen().at(1).verb, "devices");
}

TEST_F(client_world, failures_are_asked_for_by_the_page) {
  const responder there(connect(), [](const responder::request& asked) {
    const auto wanted = decode<failures_request>(bytes_of(asked.payload));
    EXPECT_TRUE(wanted);
    failure_page page;
    page.session_id = asked.session;
    page.offset = wanted->offset;
    page.failures.push_back({"a.jpg", "decode", "TY2102", "cut", 1});
    page.next_offset = wanted->offset + wanted->limit;
    return std::optional(to_json_text(page));
  });
  const auto did = run("failures", {"s1"}, {{"page.offset", "20"}, {"page.limit", "10"}});
  EXPECT_EQ(did.status, 0) << did.err;
  EXPECT_THAT(did.out, HasSubstr("TY2102  decode"));
  EXPECT_EQ(did.err, "There are more: trainyard failures s1 --offset 30\n");
}

TEST_F(client_world, a_refusal_ends_in_its_own_status_and_text) {
  const responder there(connect(), [](const responder::request& asked) {
    return std::optional(asked.verb == "pause" ? refusal_text("TY1603", "session s1 has ended")
                                               : refusal_text("TY1602", "no session s1"));
  });
  const auto unknown = run("status", {"s1"});
  EXPECT_EQ(unknown.status, 66);
  EXPECT_EQ(unknown.out, "");
  EXPECT_EQ(unknown.err, "error: no session s1 code=TY1602\n  do\n");
  EXPECT_EQ(run("pause", {"s1"}).status, 1);
}

TEST_F(client_world, without_a_coordinator_says_so_at_once) {
  const auto did = run("sessions");
  EXPECT_EQ(did.status, 69);
  EXPECT_THAT(did.err, HasSubstr("no coordinator answers at " + server->url()));
  EXPECT_THAT(did.err, HasSubstr("start `trainyard coordinator`"));
  EXPECT_THAT(did.err, Not(HasSubstr(server->token())));
}

TEST_F(client_world, without_a_server_or_the_right_login_says_which) {
  EXPECT_EQ(run("sessions", {}, {{"nats.url", "nats://127.0.0.1:1"}}).status, 69);
  const auto denied = run("sessions", {}, {{"nats.token", "wrong-token"}});
  EXPECT_EQ(denied.status, 77);
  EXPECT_THAT(denied.err, Not(HasSubstr("wrong-token")));
}

TEST_F(client_world, an_answer_that_is_none_is_told) {
  for (const auto* text : {"", "no json", "[]", R"({"schema":1})", R"({"error":{}})"}) {
    const responder there(connect(),
                          [&](const responder::request&) { return std::optional<std::string>(text); });
    const auto did = run("status", {"s1"});
    EXPECT_NE(did.status, 0) << text;
    EXPECT_EQ(did.out, "") << text;
    EXPECT_THAT(did.err, HasSubstr("code=TY")) << text;
  }
}

TEST_F(client_world, an_id_that_would_be_another_subject_is_refused) {
  const responder there(connect(),
                        [](const responder::request&) { return std::optional<std::string>("{}"); });
  for (const std::string id : {"*", ">", "a.b", "a b", "../x"})
    EXPECT_EQ(run("cancel", {id}).status, 2) << id;
  EXPECT_TRUE(there.seen().empty());
}

TEST_F(client_world, another_prefix_is_another_cluster) {
  const responder there(
      connect(), [](const responder::request&) { return std::optional(to_json_text(session_list{})); },
      subjects("fleet"));
  EXPECT_EQ(run("sessions").status, 69);
  EXPECT_EQ(run("sessions", {}, {{"nats.prefix", "fleet"}}).status, 0);
}

} // namespace
} // namespace trainyard::testing
