// Names, pages and bodies that are refused before anybody looks further.
#include "nodes/http/guard.hpp"

#include <gtest/gtest.h>

#include "nodes/http/listen_address.hpp"

namespace trainyard {
namespace {

http_request with(http_headers headers) {
  return {"POST", "/", std::move(headers), "", "127.0.0.1"};
}

int host_status(const std::string& host, const std::vector<std::string>& names = {}) {
  const auto refused = refuse_host(with({{"host", host}}), names);
  return refused ? refused->status : 0;
}

TEST(guard, takes_addresses_localhost_and_names_that_are_ours) {
  for (const auto* each :
       {"127.0.0.1", "127.0.0.1:8000", "localhost", "LocalHost:9", "[::1]:8000", "10.1.2.3:80"})
    EXPECT_EQ(host_status(each), 0) << each;
  EXPECT_EQ(host_status("Fleet.example", {"fleet.example"}), 0);
}

TEST(guard, refuses_a_name_that_somebody_elses_dns_may_point_here) {
  EXPECT_EQ(host_status("evil.example"), 421);
  EXPECT_EQ(host_status("localhost.evil.example:8000"), 421);
  EXPECT_EQ(host_status("127.0.0.1.evil.example"), 421);
}

TEST(guard, refuses_a_missing_double_or_broken_host) {
  for (const auto* each : {"", "a b", "host:port", "host:123456", "[::1", "[::1]x", "a/b", "user@host"})
    EXPECT_EQ(host_status(each), 400) << each;
  EXPECT_EQ(refuse_host(with({}), {})->status, 400);
  EXPECT_EQ(refuse_host(with({{"Host", "localhost"}, {"host", "localhost"}}), {})->status, 400);
}

TEST(guard, lets_programs_and_its_own_pages_change_things) {
  const std::pair<std::string, std::string> host{"Host", "localhost:8000"};
  EXPECT_FALSE(refuse_origin(with({host})));
  EXPECT_FALSE(refuse_origin(with({host, {"Origin", "http://localhost:8000"}})));
  EXPECT_FALSE(refuse_origin(with({host, {"Sec-Fetch-Site", "same-origin"}})));
}

TEST(guard, refuses_pages_of_other_sites) {
  const std::pair<std::string, std::string> host{"Host", "localhost:8000"};
  for (const auto* each : {"http://evil.example", "null", "", "http://localhost:8001", "http://localhost",
                           "ftp://localhost:8000", "http://localhost:8000.evil.example"})
    EXPECT_EQ(refuse_origin(with({host, {"Origin", each}})).value_or(http_answer{}).status, 403) << each;
  for (const auto* each : {"cross-site", "same-site", "what"})
    EXPECT_EQ(refuse_origin(with({host, {"Sec-Fetch-Site", each}})).value_or(http_answer{}).status, 403)
        << each;
}

TEST(guard, wants_json_said_plainly) {
  for (const auto* each : {"application/json", "Application/JSON; charset=utf-8", "application/json ;x"})
    EXPECT_FALSE(refuse_body_type(with({{"Content-Type", each}}))) << each;
  for (const auto* each :
       {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx", "multipart/form-data"})
    EXPECT_EQ(refuse_body_type(with({{"Content-Type", each}}))->status, 415) << each;
  EXPECT_EQ(refuse_body_type(with({}))->status, 415);
  EXPECT_EQ(
      refuse_body_type(with({{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}}))->status,
      415);
}

TEST(guard, listens_on_addresses_only) {
  EXPECT_EQ(*parse_listen_address("127.0.0.1:8000", "k"), (listen_address{"127.0.0.1", 8000}));
  EXPECT_EQ(*parse_listen_address("localhost:0", "k"), (listen_address{"127.0.0.1", 0}));
  EXPECT_EQ(url_of(*parse_listen_address("[::1]:80", "k")), "http://[::1]:80");
  EXPECT_TRUE(parse_listen_address("[::1]:80", "k")->is_loopback());
  EXPECT_FALSE(parse_listen_address("0.0.0.0:80", "k")->is_loopback());
  for (const auto* each :
       {"", "8000", ":8000", "127.0.0.1", "127.0.0.1:99999", "host.example:80", "127.0.0.1:x"})
    EXPECT_FALSE(parse_listen_address(each, "k")) << each;
}

} // namespace
} // namespace trainyard
