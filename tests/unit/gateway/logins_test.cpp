// Tokens, cookies and guesses, on a clock of the test's own.
#include "nodes/gateway/logins.hpp"

#include "messages/http_failure.hpp"

#include <gmock/gmock.h>

namespace trainyard {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string token = "a-token-of-enough-length";

struct logins_test : ::testing::Test {
  logins door{token, [this] { return "cookie" + std::to_string(++made); }};
  logins::time_point now{1h};
  int made = 0;

  result<void> ask(http_headers headers, const std::string& peer = "10.0.0.1") {
    return door.admit({"GET", "/", std::move(headers), "", peer}, now);
  }
};

TEST_F(logins_test, lets_everybody_in_where_there_is_no_token) {
  logins open("", [] { return ""; });
  EXPECT_FALSE(open.wanted());
  EXPECT_TRUE(open.admit({"GET", "/", {}, "", "x"}, now));
}

TEST_F(logins_test, knows_the_token_in_a_header) {
  EXPECT_TRUE(ask({{"authorization", "bearer " + token}}));
  EXPECT_EQ(ask({{"Authorization", "Bearer " + token + "x"}}).error().kind,
            kind_of(http_failure::login_wanted));
  EXPECT_EQ(ask({{"Authorization", token}}).error().kind, kind_of(http_failure::login_wanted));
  EXPECT_EQ(ask({}).error().kind, kind_of(http_failure::login_wanted));
}

TEST_F(logins_test, gives_a_cookie_that_scripts_and_other_sites_cannot_use) {
  const auto cookie = door.log_in(token, "10.0.0.1", now);
  ASSERT_TRUE(cookie);
  EXPECT_THAT(*cookie, StartsWith("trainyard=cookie1;"));
  EXPECT_THAT(*cookie, HasSubstr("HttpOnly"));
  EXPECT_THAT(*cookie, HasSubstr("SameSite=Strict"));
  EXPECT_TRUE(ask({{"Cookie", "other=1; trainyard=cookie1"}}));
  EXPECT_FALSE(ask({{"Cookie", "trainyard=cookie2"}}));
  EXPECT_FALSE(ask({{"Cookie", "trainyard="}}));
}

TEST_F(logins_test, forgets_a_cookie_when_asked_and_after_half_a_day) {
  ASSERT_TRUE(door.log_in(token, "a", now));
  ASSERT_TRUE(door.log_in(token, "a", now));
  EXPECT_THAT(door.log_out({"POST", "/", {{"Cookie", "trainyard=cookie1"}}, "", "a"}),
              HasSubstr("Max-Age=0"));
  EXPECT_FALSE(ask({{"Cookie", "trainyard=cookie1"}}));
  EXPECT_TRUE(ask({{"Cookie", "trainyard=cookie2"}}));
  now += 12h;
  EXPECT_FALSE(ask({{"Cookie", "trainyard=cookie2"}}));
}

TEST_F(logins_test, answers_no_more_guesses_of_an_address_for_a_minute) {
  for (unsigned i = 0; i < logins::guesses_per_minute; ++i)
    EXPECT_EQ(door.log_in("wrong", "10.0.0.1", now).error().kind, kind_of(http_failure::login_wanted));
  EXPECT_EQ(door.log_in(token, "10.0.0.1", now).error().kind, kind_of(http_failure::too_many_requests));
  EXPECT_EQ(ask({{"Authorization", "Bearer " + token}}).error().kind,
            kind_of(http_failure::too_many_requests));
  EXPECT_TRUE(door.log_in(token, "10.0.0.2", now)) << "somebody else is not held up";
  now += 61s;
  EXPECT_TRUE(door.log_in(token, "10.0.0.1", now));
}

} // namespace
} // namespace trainyard
