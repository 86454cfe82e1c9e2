// What a client may say wrong, and what an attacker would: each case over a real socket, and the gateway goes
// on.
#include "tests/integration/gateway/gateway_world.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;

const std::string sessions = "/api/v1/training/sessions";

struct http_cases : gateway_world {
  void SetUp() override { start(); }
  void TearDown() override { EXPECT_EQ(get("/livez").status, 200) << "the gateway has ended"; }
  /// The status of a request that is sent as it stands.
  [[nodiscard]] int raw(std::string_view bytes) const {
    raw_http wire(port);
    wire.say(bytes);
    return wire.hear().status;
  }
};

TEST_F(http_cases, every_answer_forbids_foreign_scripts_frames_and_guesses) {
  for (const auto* target : {"/", "/app.js", "/api/v1/nodes", "/nothing", "/metrics"}) {
    const auto answer = get(target);
    EXPECT_THAT(answer.headers.at("content-security-policy"), HasSubstr("default-src 'self'")) << target;
    EXPECT_THAT(answer.headers.at("content-security-policy"), Not(HasSubstr("unsafe"))) << target;
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff") << target;
    EXPECT_EQ(answer.headers.at("x-frame-options"), "DENY") << target;
    EXPECT_FALSE(answer.headers.contains("access-control-allow-origin")) << target;
  }
}

TEST_F(http_cases, methods_that_are_not_for_a_path_are_told_what_is) {
  for (const auto* method : {"DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "PROPFIND"}) {
    const auto answer = ask(port, method, sessions);
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_EQ(answer.headers.at("allow"), "POST, GET, HEAD") << method;
    EXPECT_EQ(answer.code(), "TY1812") << method;
  }
  EXPECT_EQ(ask(port, "DELETE", sessions + "/s1").status, 405);
  EXPECT_EQ(ask(port, "GET", sessions + "/s1/cancel").status, 405);
  EXPECT_EQ(ask(port, "POST", "/").status, 405);
}

TEST_F(http_cases, paths_that_are_not_there_lead_nowhere) {
  for (const auto* target : {"/nothing", "/api/v1", "/../../etc/passwd", "/..%2f..%2fetc%2fpasswd",
                             "/vendor/", "/app.js/", "/.git/config"}) {
    const auto answer = get(target);
    EXPECT_EQ(answer.status, 404) << target;
    EXPECT_EQ(answer.code(), "TY1812") << target;
  }
  for (const auto* target : {"/%00", "/%ff", "/%", "/%0d%0aSet-Cookie:x"})
    EXPECT_EQ(get(target).status, 400) << target;
}

TEST_F(http_cases, names_that_are_not_ours_are_refused) {
  EXPECT_EQ(raw("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(raw("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"), 400);
  EXPECT_EQ(raw("GET /api/v1/nodes HTTP/1.1\r\nHost: evil.example\r\n\r\n"), 421);
  EXPECT_EQ(raw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), 200);
  EXPECT_EQ(raw("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n"), 400);
}

TEST_F(http_cases, pages_of_other_sites_change_nothing) {
  const std::string body = R"({"training_directory":".","root":"photos"})";
  for (const auto* head : {"Origin: http://evil.example\r\n", "Origin: null\r\n",
                           "Sec-Fetch-Site: cross-site\r\n", "Origin: http://localhost:1\r\n"}) {
    const auto answer = post(port, sessions, body, head);
    EXPECT_EQ(answer.status, 403) << head;
    EXPECT_EQ(answer.code(), "TY1813") << head;
  }
  EXPECT_EQ(ask(port, "POST", sessions, "Content-Type: text/plain\r\n", body).status, 415);
  EXPECT_EQ(ask(port, "POST", sessions, "Content-Type: application/x-www-form-urlencoded\r\n", "a=b").status,
            415);
  EXPECT_EQ(ask(port, "POST", sessions, "", body).status, 415);
  EXPECT_EQ(get(sessions).json()["total"], 0);
}

TEST_F(http_cases, bodies_that_are_no_job_are_refused_with_the_reason) {
  std::string deep = R"({"training_directory":)";
  for (int i = 0; i < 5000; ++i)
    deep += "[";
  for (const auto& body : std::vector<std::string>{"{", "[]", "5", R"({"training_directory":7})", "{}", deep,
                                                   R"({"training_directory":"a","training_directory":"b"})",
                                                   "{\"training_directory\":\"\xff\"}"}) {
    const auto answer = post(port, sessions, body);
    EXPECT_EQ(answer.status, 400) << body.substr(0, 60);
    EXPECT_FALSE(answer.code().empty()) << body.substr(0, 60);
  }
  const auto outside = post(port, sessions, R"({"training_directory":"/etc"})");
  EXPECT_EQ(outside.status, 422) << outside.body;
  EXPECT_FALSE(outside.json()["remedy"].get<std::string>().empty());
}

TEST_F(http_cases, lengths_that_disagree_are_no_request) {
  const std::string start =
      "POST " + sessions + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  EXPECT_EQ(raw(start + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}"), 400);
  EXPECT_EQ(raw(start + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(raw(start + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), 400);
  EXPECT_EQ(raw(start + "Transfer-Encoding: gzip\r\n\r\n{}"), 400);
  EXPECT_EQ(raw(start + "Content-Length: -2\r\n\r\n{}"), 400);
  EXPECT_EQ(raw(start + "Content-Length: 0x2\r\n\r\n{}"), 400);
  EXPECT_EQ(raw(start + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(raw(start + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"), 400)
      << "a whole one: no directory";
}

TEST_F(http_cases, other_protocols_are_answered_or_hung_up_on) {
  for (const std::string& bytes :
       {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello over TLS\r\n\r\n", 30),
        std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        std::string("GET / HTTP/9.9\r\nHost: localhost\r\n\r\n"), std::string("GET /\r\n\r\n"),
        std::string("\0\0\0\0\r\n\r\n", 8), std::string("G E T / HTTP/1.1\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost : localhost\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost: localhost\r\n folded\r\nx\r\n\r\n")})
    EXPECT_EQ(raw(bytes), 400) << bytes;
}

TEST_F(http_cases, requests_of_one_connection_are_answered_in_order) {
  raw_http wire(port);
  const std::string host = "Host: localhost\r\n";
  wire.say("GET /livez HTTP/1.1\r\n" + host + "\r\nGET /nothing HTTP/1.1\r\n" + host +
           "\r\nHEAD / HTTP/1.1\r\n" + host + "\r\n");
  EXPECT_EQ(wire.hear().body, "ok\n");
  EXPECT_EQ(wire.hear().status, 404);
  const auto head = wire.hear(20s, true);
  EXPECT_EQ(head.status, 200);
  EXPECT_NE(head.headers.at("content-length"), "0");
  wire.say("GET /livez HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n");
  EXPECT_EQ(wire.hear().status, 200);
  EXPECT_TRUE(wire.ends_within(5s));
  raw_http old(port);
  old.say("GET /livez HTTP/1.0\r\n" + host + "\r\n");
  EXPECT_EQ(old.hear().status, 200);
  EXPECT_TRUE(old.ends_within(5s));
}

TEST_F(http_cases, what_clients_expect_is_met_or_refused) {
  raw_http wire(port);
  wire.say("POST " + sessions +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
           "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(wire.hear().status, 100);
  wire.say("{}");
  EXPECT_EQ(wire.hear().status, 400);
  EXPECT_EQ(ask(port, "POST", sessions, "Expect: miracles\r\n", "{}").status, 417);
}

TEST_F(http_cases, a_name_with_a_script_in_it_stays_a_text) {
  const auto answer = get("/%3Cscript%3Ealert(1)%3C%2Fscript%3E");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
  const auto refused =
      post(port, sessions, R"({"training_directory":"<script>alert(1)</script>","root":"photos"})");
  EXPECT_EQ(refused.headers.at("content-type"), "application/problem+json");
  EXPECT_EQ(post(port, sessions + "/%3Cscript%3E/pause", "{}").status, 404);
  EXPECT_FALSE(post(port, sessions,
                    R"({"training_directory":".","root":"photos","session_id":"a\r\nSet-Cookie: x=1"})")
                   .headers.contains("set-cookie"));
}

} // namespace
} // namespace trainyard::testing
