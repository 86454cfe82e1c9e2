// Request by request, with a cluster whose answers the test gives: what is refused, what is asked, what is
// said.
#include "nodes/gateway/gateway_desk.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "messages/json_codec.hpp"
#include "tests/unit/gateway/no_embeddings.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using json = nlohmann::json;

struct scripted_cluster : cluster_port {
  std::vector<cluster_question> asked;
  result<std::string> answer = std::string("{}");
  void ask(cluster_question question, cluster_answer done) override {
    asked.push_back(std::move(question));
    done(answer);
  }
};

struct desk_test : ::testing::Test {
  scripted_cluster cluster;
  testing::no_embeddings workers;
  fleet_board board;
  bool connected = true;
  gateway_desk open_desk = desk_with("");

  gateway_desk desk_with(const std::string& token) {
    return gateway_desk(
        {"9.9.9", {"fleet.example"}}, logins(token, [] { return "a-cookie"; }),
        {cluster, workers, board, [this] { return connected; }, [] { return http_figures{}; }});
  }
  static http_answer serve(gateway_desk& desk, http_request request) {
    std::optional<http_answer> got;
    desk.serve(std::move(request), [&](http_answer answer) { got = std::move(answer); });
    EXPECT_TRUE(got);
    return got.value_or(http_answer{});
  }
  http_answer get(const std::string& target, http_headers more = {}) {
    more.emplace_back("Host", "localhost:8000");
    return serve(open_desk, {"GET", target, std::move(more), "", "127.0.0.1"});
  }
  http_answer post(const std::string& target, const std::string& body, http_headers more = {}) {
    more.emplace_back("Host", "localhost:8000");
    more.emplace_back("Content-Type", "application/json");
    return serve(open_desk, {"POST", target, std::move(more), body, "127.0.0.1"});
  }
  static std::string code_of_answer(const http_answer& answer) {
    EXPECT_EQ(answer.content_type, "application/problem+json");
    const auto problem = json::parse(answer.body);
    EXPECT_EQ(problem["status"], answer.status);
    EXPECT_FALSE(problem["cause"].get<std::string>().empty());
    return problem["code"];
  }
  static std::string header(const http_answer& answer, std::string_view name) {
    for (const auto& [key, value] : answer.headers)
      if (key == name)
        return value;
    return "";
  }
};

using gateway_desk_test = desk_test;
const std::string sessions = "/api/v1/training/sessions";

TEST_F(gateway_desk_test, the_older_services_call_submits_a_session) {
  session_status status;
  status.session_id = "s1";
  cluster.answer = to_json_text(status);
  const auto made = post(sessions, R"({"training_directory": "/data/photos/2024"})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(header(made, "Location"), sessions + "/s1");
  ASSERT_EQ(cluster.asked.size(), 1U);
  EXPECT_EQ(cluster.asked[0].verb, "submit");
  EXPECT_EQ(json::parse(cluster.asked[0].payload)["training_directory"], "/data/photos/2024");
  EXPECT_EQ(json::parse(cluster.asked[0].payload)["schema"], 1);
}

TEST_F(gateway_desk_test, bodies_that_cannot_be_meant_never_reach_the_cluster) {
  for (const auto* body :
       {"", "x", "[]", "{}", R"({"training_directory":5})", R"({"training_directory":""})",
        R"({"training_directory":"a","root":"a/b"})", R"({"training_directory":"a","session_id":"a.b"})",
        R"({"training_directory":"a","schema":2})", R"({"training_directory":"a","priority":-1})",
        R"({"training_directory":"a","training_directory":"b"})"}) {
    const auto refused = post(sessions, body);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_THAT(code_of_answer(refused), HasSubstr("TY")) << body;
  }
  EXPECT_TRUE(cluster.asked.empty());
}

TEST_F(gateway_desk_test, each_verb_of_a_session_is_asked_of_the_cluster) {
  for (const auto* verb : {"pause", "resume", "cancel", "retry"}) {
    EXPECT_EQ(post(sessions + "/s1/" + verb, "{}").status, 200);
    EXPECT_EQ(cluster.asked.back(), (cluster_question{verb, "s1", "{}"}));
  }
  EXPECT_EQ(post(sessions + "/s1/pause", R"({"now":true})").status, 400);
  EXPECT_EQ(get(sessions + "/s1").status, 200);
  EXPECT_EQ(cluster.asked.back().verb, "status");
  EXPECT_EQ(get(sessions + "/s1/failures?offset=5&limit=2").status, 200);
  EXPECT_EQ(cluster.asked.back(), (cluster_question{"failures", "s1", R"({"offset":5,"limit":2})"}));
}

TEST_F(gateway_desk_test, what_a_coordinator_refuses_is_a_problem_with_its_code) {
  cluster.answer = fail(failure_kind::session_unknown, "there is no session 's1'", "list them");
  EXPECT_EQ(get(sessions + "/s1").status, 404);
  EXPECT_EQ(code_of_answer(get(sessions + "/s1")), "TY1602");
  cluster.answer = fail(failure_kind::session_conflict, "it has ended", "");
  EXPECT_EQ(post(sessions + "/s1/pause", "").status, 409);
  cluster.answer = fail(failure_kind::nats_unreachable, "no coordinator answers", "start one");
  EXPECT_EQ(get("/api/v1/devices").status, 503);
  EXPECT_EQ(header(get("/api/v1/devices"), "Retry-After"), "1");
  cluster.answer = fail(failure_kind::input_missing, "no such folder", "");
  EXPECT_EQ(post(sessions, R"({"training_directory":"/x"})").status, 422);
}

TEST_F(gateway_desk_test, lists_page_by_page_and_refuses_parameters_that_it_does_not_know) {
  session_list list;
  for (int i = 0; i < 2; ++i)
    list.sessions.emplace_back().session_id = "s" + std::to_string(3 - i);
  list.total = 5;
  cluster.answer = to_json_text(list);
  const auto page = json::parse(get(sessions + "?limit=2&offset=1&state=running").body);
  EXPECT_EQ(json::parse(cluster.asked.back().payload),
            json::parse(R"({"state":"running","offset":1,"limit":2})"));
  EXPECT_EQ(page["sessions"].size(), 2U);
  EXPECT_EQ(page["sessions"][0]["session_id"], "s3");
  EXPECT_EQ(page["next_offset"], 3);
  EXPECT_EQ(page["total"], 5);
  for (const auto* bad : {"?limit=0", "?limit=501", "?limit=x", "?offset=-1", "?state=odd",
                          "?state=", "?other=1", "?limit=1&limit=2"})
    EXPECT_EQ(get(sessions + bad).status, 400) << bad;
}

TEST_F(gateway_desk_test, other_names_pages_methods_and_types_are_refused_before_the_cluster_hears) {
  const http_headers plain{{"Host", "localhost"}, {"Content-Type", "application/json"}};
  EXPECT_EQ(serve(open_desk, {"GET", "/", {{"Host", "evil.example"}}, "", "x"}).status, 421);
  EXPECT_EQ(serve(open_desk, {"GET", "/", {}, "", "x"}).status, 400);
  EXPECT_EQ(serve(open_desk, {"DELETE", sessions, plain, "", "x"}).status, 405);
  EXPECT_EQ(header(serve(open_desk, {"DELETE", sessions, plain, "", "x"}), "Allow"), "POST, GET, HEAD");
  EXPECT_EQ(serve(open_desk, {"POST", "/", plain, "", "x"}).status, 405);
  EXPECT_EQ(post(sessions + "/s1/cancel", "{}", {{"Origin", "http://evil.example"}}).status, 403);
  EXPECT_EQ(serve(open_desk, {"POST", sessions, {{"Host", "localhost"}}, "{}", "x"}).status, 415);
  EXPECT_EQ(get("/nothing").status, 404);
  EXPECT_EQ(get("/..%2f..%2fetc%2fpasswd").status, 404);
  EXPECT_EQ(get("/%00").status, 400);
  EXPECT_EQ(get(sessions + "/a%20b").status, 404);
  EXPECT_TRUE(cluster.asked.empty());
}

TEST_F(gateway_desk_test, with_a_token_only_the_page_and_the_health_of_the_process_are_open) {
  auto desk = desk_with("a-token-of-enough-length");
  const auto ask = [&](const std::string& target, http_headers more = {}) {
    more.emplace_back("Host", "localhost");
    return serve(desk, {"GET", target, std::move(more), "", "10.0.0.9"});
  };
  for (const auto* closed : {"/api/v1/devices", "/api/v1/nodes", "/api/v1/history", "/api/v1/events",
                             "/metrics", "/api/v1/training/sessions", "/api/v1/training/sessions/s1"})
    EXPECT_EQ(ask(closed).status, 401) << closed;
  EXPECT_EQ(header(ask("/metrics"), "WWW-Authenticate").substr(0, 6), "Bearer");
  for (const auto* open : {"/", "/app.js", "/livez", "/readyz", "/api/v1/openapi.json"})
    EXPECT_EQ(ask(open).status, 200) << open;
  EXPECT_EQ(ask("/metrics", {{"Authorization", "Bearer a-token-of-enough-length"}}).status, 200);
  const http_headers from_page{{"Host", "localhost"}, {"Content-Type", "application/json"}};
  const auto in =
      serve(desk, {"POST", "/api/v1/login", from_page, R"({"token":"a-token-of-enough-length"})", "p"});
  EXPECT_EQ(in.status, 204);
  EXPECT_EQ(ask("/api/v1/nodes", {{"Cookie", header(in, "Set-Cookie").substr(0, 18)}}).status, 200);
  EXPECT_EQ(serve(desk, {"POST", "/api/v1/login", from_page, R"({"token":"wrong"})", "p"}).status, 401);
}

TEST_F(gateway_desk_test, an_answer_that_is_known_is_not_sent_again) {
  const auto first = get("/api/v1/nodes");
  const auto tag = header(first, "ETag");
  ASSERT_FALSE(tag.empty());
  const auto again = get("/api/v1/nodes", {{"If-None-Match", tag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(get("/app.js", {{"If-None-Match", header(get("/app.js"), "ETag")}}).status, 304);
}

TEST_F(gateway_desk_test, says_whether_it_is_ready_and_why_not) {
  EXPECT_THAT(get("/readyz?verbose").body, HasSubstr("[+] coordinator: answers"));
  EXPECT_EQ(get("/readyz").body, "ready\n");
  cluster.answer = fail(failure_kind::nats_unreachable, "no coordinator answers", "");
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_THAT(get("/readyz?verbose").body, HasSubstr("[-] coordinator: no coordinator answers"));
  connected = false;
  EXPECT_THAT(get("/readyz").body, HasSubstr("[-] nats"));
  EXPECT_EQ(get("/livez").status, 200);
}

TEST_F(gateway_desk_test, metrics_leave_out_what_is_not_known) {
  session_list none;
  none.states = {{"running", 0}};
  cluster.answer = to_json_text(none);
  const auto page = get("/metrics");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("trainyard_sessions{state=\"running\"} 0\n"));
  EXPECT_THAT(page.body, HasSubstr("trainyard_build_info{version=\"9.9.9\",role=\"gateway\"} 1\n"));
  cluster.answer = fail(failure_kind::nats_unreachable, "", "");
  EXPECT_THAT(get("/metrics").body, Not(HasSubstr("trainyard_sessions{")));
  EXPECT_THAT(get("/metrics", {{"Accept", "application/openmetrics-text"}}).body, HasSubstr("# EOF\n"));
}

} // namespace
} // namespace trainyard
