// Contexts as the `nats` program writes them, and others.
#include "nodes/cluster/nats_context.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct context_test : ::testing::Test {
  testing::temp_dir dir;
  environment variables{{"XDG_CONFIG_HOME", dir.path().string()}, {"HOME", "/home/ada"}};

  result<nats_context> read(std::string_view text, const std::string& name = "prod") const {
    (void)dir.write("nats/context/prod.json", text);
    return read_nats_context(name, variables);
  }
};

TEST_F(context_test, is_read_field_by_field_and_unknown_ones_are_ignored) {
  const auto is = read(R"({"description":"x","url":"nats://a,nats://b","token":"t","user":"u","password":"p",
    "creds":"~/c.creds","nkey":"/n.nk","cert":"/cert.pem","key":"~/key.pem","ca":"/ca.pem","nsc":"",
    "jetstream_domain":"hub","jetstream_api_prefix":"$JS.x.API","inbox_prefix":"_IN","color_scheme":"",
    "tls_first":false,"windows_ca_certs_match":null})");
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_EQ(is->url, "nats://a,nats://b");
  EXPECT_EQ(is->token, "t");
  EXPECT_EQ(is->user, "u");
  EXPECT_EQ(is->password, "p");
  EXPECT_EQ(is->credentials_file, "/home/ada/c.creds");
  EXPECT_EQ(is->nkey_seed_file, "/n.nk");
  EXPECT_EQ(is->tls_certificate_file, "/cert.pem");
  EXPECT_EQ(is->tls_key_file, "/home/ada/key.pem");
  EXPECT_EQ(is->tls_ca_file, "/ca.pem");
  EXPECT_EQ(is->domain, "hub");
  EXPECT_EQ(is->api_prefix, "$JS.x.API");
  EXPECT_EQ(is->inbox_prefix, "_IN");
}

TEST_F(context_test, stands_where_the_nats_program_puts_it) {
  EXPECT_EQ(nats_context_folder(variables), dir.path() / "nats/context");
  EXPECT_EQ(nats_context_folder({{"HOME", "/h"}}), "/h/.config/nats/context");
  EXPECT_EQ(nats_context_folder({{"HOME", "/h"}, {"XDG_CONFIG_HOME", "relative"}}),
            "/h/.config/nats/context");
  EXPECT_EQ(nats_context_folder({}), std::nullopt);
}

TEST_F(context_test, that_is_not_there_is_named_with_its_file) {
  const auto is = read("{}", "prdo");
  ASSERT_FALSE(is);
  EXPECT_EQ(is.error().kind, failure_kind::config_invalid);
  EXPECT_THAT(is.error().cause, HasSubstr("'prdo'"));
  EXPECT_THAT(is.error().cause, HasSubstr((dir.path() / "nats/context/prdo.json").string()));
}

TEST_F(context_test, has_a_name_that_cannot_leave_its_folder) {
  (void)dir.write("nats/secret.json", R"({"url":"x"})");
  for (const std::string name : {"../secret", "", ".hidden", "/etc/passwd", "a/b", "..\\x"})
    EXPECT_THAT(read("{}", name).error().cause, HasSubstr("has a name that no context can have")) << name;
}

TEST_F(context_test, is_told_wrong_without_its_content) {
  for (const auto* text :
       {R"({"password":"hunter2")", R"(hunter2)", R"({"hunter2":"a","hunter2":"b"})", R"(["hunter2"])"}) {
    const auto is = read(text);
    ASSERT_FALSE(is) << text;
    EXPECT_THAT(is.error().cause, HasSubstr("is no JSON object"));
    EXPECT_THAT(is.error().cause + is.error().remedy, Not(HasSubstr("hunter2")));
  }
  const auto odd = read(R"({"password":["hunter2"]})");
  ASSERT_FALSE(odd);
  EXPECT_THAT(odd.error().cause, HasSubstr("has a field 'password' that is no text"));
  EXPECT_THAT(odd.error().cause, Not(HasSubstr("hunter2")));
  EXPECT_FALSE(read("{}" + std::string(100'000, ' ')));
}

} // namespace
} // namespace trainyard
