// With a token: who is let in, who is not, and where the token never shows.
#include <filesystem>

#include "tests/integration/gateway/gateway_world.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

const std::string token = "canary-0123456789abcdef";

struct gateway_with_token : gateway_world {
  void SetUp() override {
    const auto file = dir.write("token", token + "\n");
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    start({"--token-file", file.string()}, false);
  }
};

TEST_F(gateway_with_token, answers_those_who_have_it_and_no_others) {
  EXPECT_EQ(get("/api/v1/nodes").status, 401);
  EXPECT_EQ(get("/api/v1/nodes").code(), "TY1814");
  EXPECT_EQ(get("/metrics").status, 401);
  EXPECT_EQ(get("/api/v1/events").status, 401);
  EXPECT_EQ(get("/").status, 200);
  EXPECT_EQ(get("/livez").status, 200);
  EXPECT_EQ(get("/api/v1/nodes", "Authorization: Bearer " + token + "\r\n").status, 200);
}

TEST_F(gateway_with_token, gives_browsers_a_cookie_for_it) {
  const auto in = post(port, "/api/v1/login", R"({"token":")" + token + "\"}");
  ASSERT_EQ(in.status, 204) << in.body;
  const auto cookie = in.headers.at("set-cookie");
  EXPECT_THAT(cookie, HasSubstr("HttpOnly; SameSite=Strict"));
  const auto head = "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
  EXPECT_EQ(get("/api/v1/nodes", head).status, 200);
  EXPECT_EQ(post(port, "/api/v1/logout", "{}", head).status, 204);
  EXPECT_EQ(get("/api/v1/nodes", head).status, 401);
  EXPECT_EQ(
      post(port, "/api/v1/login", R"({"token":")" + token + "\"}", "Origin: http://evil.example\r\n").status,
      403);
}

TEST_F(gateway_with_token, answers_no_more_than_five_guesses_a_minute) {
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(post(port, "/api/v1/login", R"({"token":"guess"})").status, 401);
  EXPECT_EQ(post(port, "/api/v1/login", R"({"token":")" + token + "\"}").status, 429);
  EXPECT_EQ(get("/api/v1/nodes", "Authorization: Bearer guess\r\n").status, 429);
}

TEST_F(gateway_with_token, never_shows_it) {
  (void)post(port, "/api/v1/login", R"({"token":"canary-wrong-guess-0"})");
  std::string seen = gateway->err_so_far();
  for (const auto* target : {"/metrics", "/api/v1/openapi.json", "/", "/readyz?verbose", "/api/v1/nodes"})
    seen += get(target, "Authorization: Bearer " + token + "\r\n").body;
  EXPECT_THAT(seen, Not(HasSubstr("canary")));
  const auto shown = run({"config", "show"}, {"TRAINYARD_GATEWAY_TOKEN=" + token})->wait(20s);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->status, 0) << shown->err;
  EXPECT_THAT(shown->out + shown->err, Not(HasSubstr("canary")));
}

TEST_F(gateway_with_token, does_not_start_off_loopback_without_one_or_where_others_listen) {
  const auto open = run({"gateway", "--listen", "0.0.0.0:0"})->wait(20s);
  ASSERT_TRUE(open);
  EXPECT_EQ(open->status, 78);
  EXPECT_THAT(open->err, HasSubstr("TRAINYARD_GATEWAY_TOKEN"));
  const auto taken = run({"gateway", "--listen", "127.0.0.1:" + std::to_string(port)})->wait(20s);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->status, 69);
  EXPECT_THAT(taken->err, HasSubstr("code=TY1811"));
}

} // namespace
} // namespace trainyard::testing
