// What wins, what belongs together, and that no secret is told.
#include "nodes/cluster/connection_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

struct connection_settings_test : ::testing::Test {
  testing::temp_dir dir;
  environment variables{{"XDG_CONFIG_HOME", dir.path().string()}};
  std::map<std::string, std::string, std::less<>> flags;

  void context(std::string_view text) {
    (void)dir.write("nats/context/prod.json", text);
    flags["nats.context"] = "prod";
  }
  /// Secrets too: the loader does not care where a value comes from.
  result<cluster_connection> read() const {
    auto loaded = load_settings({.flags = flags, .variables = variables});
    EXPECT_TRUE(loaded) << loaded.error().cause;
    return connection_settings(*loaded, "trainyard test", variables);
  }
  std::string mistakes() const {
    const auto is = read();
    return is ? "none" : is.error().cause;
  }
};

TEST_F(connection_settings_test, without_any_are_a_server_on_this_machine) {
  const auto is = read();
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_THAT(is->options.urls, ElementsAre("nats://127.0.0.1:4222"));
  EXPECT_EQ(is->options.name, "trainyard test");
  EXPECT_EQ(is->options.api_prefix, "$JS.API");
  EXPECT_EQ(is->options.inbox_prefix, "_INBOX");
  EXPECT_FALSE(is->options.tls);
  EXPECT_EQ(is->names.api("list"), "trainyard.api.list");
}

TEST_F(connection_settings_test, take_servers_prefixes_and_tls) {
  flags = {{"nats.url", "tls://a:1,tls://b:2"}, {"nats.prefix", "fleet.two"}, {"nats.domain", "hub"},
           {"nats.inbox_prefix", "_IN.x"},      {"nats.tls_ca", "/ca.pem"},   {"nats.tls_cert", "/c.pem"},
           {"nats.tls_key", "/k.pem"},          {"nats.tls", "true"}};
  const auto is = read();
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_THAT(is->options.urls, ElementsAre("tls://a:1", "tls://b:2"));
  EXPECT_EQ(is->options.api_prefix, "$JS.hub.API");
  EXPECT_EQ(is->options.inbox_prefix, "_IN.x");
  EXPECT_EQ(is->options.tls_ca_file, "/ca.pem");
  EXPECT_EQ(is->options.tls_certificate_file, "/c.pem");
  EXPECT_EQ(is->options.tls_key_file, "/k.pem");
  EXPECT_TRUE(is->options.tls);
  EXPECT_EQ(is->names.api("list"), "fleet.two.api.list");
}

TEST_F(connection_settings_test, take_from_the_context_what_nobody_set) {
  context(
      R"({"url":"nats://hub:4222","user":"ada","password":"p","jetstream_domain":"hub","inbox_prefix":"_A",
    "ca":"/ca.pem"})");
  const auto is = read();
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_THAT(is->options.urls, ElementsAre("nats://hub:4222"));
  EXPECT_EQ(is->options.user, "ada");
  EXPECT_EQ(is->options.password, "p");
  EXPECT_EQ(is->options.api_prefix, "$JS.hub.API");
  EXPECT_EQ(is->options.inbox_prefix, "_A");
  EXPECT_EQ(is->options.tls_ca_file, "/ca.pem");
}

TEST_F(connection_settings_test, win_over_the_context) {
  context(R"({"url":"nats://hub:4222","jetstream_api_prefix":"$JS.x.API","inbox_prefix":"_A"})");
  EXPECT_EQ(read()->options.api_prefix, "$JS.x.API");
  flags["nats.url"] = "nats://127.0.0.1:4222"; // given, though it is the default
  flags["nats.domain"] = "own";
  flags["nats.inbox_prefix"] = "_INBOX";
  const auto is = read();
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_THAT(is->options.urls, ElementsAre("nats://127.0.0.1:4222"));
  EXPECT_EQ(is->options.api_prefix, "$JS.own.API");
  EXPECT_EQ(is->options.inbox_prefix, "_INBOX");
}

TEST_F(connection_settings_test, take_a_login_whole_from_one_place) {
  context(R"({"user":"ada","password":"hers","token":"t"})");
  variables["TRAINYARD_NATS_TOKEN"] = "own";
  auto is = read();
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_EQ(is->options.token, "own");
  EXPECT_EQ(is->options.user, "");
  EXPECT_EQ(is->options.password, "");
  variables.erase("TRAINYARD_NATS_TOKEN");
  is = read();
  EXPECT_EQ(is->options.user, "ada") << "where a context has two logins, the user is the nats program's";
  EXPECT_EQ(is->options.token, "");
  variables["TRAINYARD_NATS_PASSWORD"] = "newer";
  EXPECT_EQ(read()->options.password, "newer");
  flags["nats.user"] = "bob";
  variables.erase("TRAINYARD_NATS_PASSWORD");
  EXPECT_EQ(read()->options.password, "") << "not another user's";
}

TEST_F(connection_settings_test, derive_the_public_key_of_a_seed) {
  const auto file =
      dir.write("user.nk", "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY").string();
  context(R"({"nkey":")" + file + R"("})");
  const auto is = read();
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_EQ(is->options.nkey_seed_file, file);
  EXPECT_EQ(is->options.nkey_public, "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4");
  flags["nats.nkey_public"] = "UX";
  EXPECT_EQ(read()->options.nkey_public, "UX");
}

TEST_F(connection_settings_test, tell_all_mistakes_at_once_and_no_secret) {
  flags = {{"nats.user", "ada"},        {"nats.credentials", "/c.creds"},    {"nats.tls_cert", "/c.pem"},
           {"nats.prefix", "a b"},      {"nats.inbox_prefix", "x.>"},        {"nats.domain", "a.b"},
           {"nats.context", "missing"}, {"nats.url", "nats://u:hunter2@a b"}};
  variables["TRAINYARD_NATS_TOKEN"] = "hunter2";
  const auto is = read();
  ASSERT_FALSE(is);
  EXPECT_EQ(is.error().kind, failure_kind::config_invalid);
  EXPECT_THAT(is.error().cause,
              AllOf(HasSubstr("7 mistakes"), HasSubstr("nats context 'missing'"),
                    HasSubstr("nats.user and nats.token are two logins"),
                    HasSubstr("nats.tls_cert and nats.tls_key belong together"),
                    HasSubstr("nats.prefix is 'a b'"), HasSubstr("nats.inbox_prefix is 'x.>'"),
                    HasSubstr("nats.domain is 'a.b'"), HasSubstr("nats.url is 'nats://(hidden)@a b'")));
  EXPECT_THAT(is.error().cause, Not(HasSubstr("hunter2")));
}

TEST_F(connection_settings_test, want_a_user_for_a_password_and_a_seed_for_a_key) {
  variables["TRAINYARD_NATS_PASSWORD"] = "p";
  EXPECT_EQ(mistakes(), "nats.password is set without nats.user");
  variables.erase("TRAINYARD_NATS_PASSWORD");
  flags["nats.nkey"] = (dir.path() / "none.nk").string();
  EXPECT_THAT(mistakes(), HasSubstr("there is no seed of an NKey in"));
}

} // namespace
} // namespace trainyard
