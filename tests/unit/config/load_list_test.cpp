// Lists, what is not set, and secrets, from every source.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class load_list : public ::testing::Test {
protected:
  result<settings> from(std::string_view toml) const {
    return load_settings(
        {.flags = flags, .variables = variables, .config_file = dir.write("own.toml", toml)});
  }
  result<settings> without_file() const { return load_settings({.flags = flags, .variables = variables}); }
  std::string mistakes_of(std::string_view toml) const {
    const auto loaded = from(toml);
    return loaded ? "none" : loaded.error().cause;
  }

  testing::temp_dir dir;
  std::map<std::string, std::string, std::less<>> flags;
  environment variables;
};

TEST_F(load_list, takes_a_list_from_flags_environment_and_files) {
  variables = {{"HOME", "/home/ada"}, {"TRAINYARD_ROOT", "a=/x, b=~/photos"}};
  auto is = from("[nats]\nurl = [\"nats://a:1\", \"nats://b,c:2\"]\n[cluster]\nroot = [\"c=/z\"]\n");
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_THAT(is->list("cluster.root"), ElementsAre("a=/x", "b=/home/ada/photos"));
  EXPECT_THAT(is->list("nats.url"), ElementsAre("nats://a:1", "nats://b,c:2"));
  EXPECT_TRUE(is->is_given("nats.url"));
  EXPECT_FALSE(is->is_given("nats.user"));
  is = from("[nats]\nurl = \"nats://a, nats://b\"\n");
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_THAT(is->list("nats.url"), ElementsAre("nats://a", "nats://b"));
  flags = {{"cluster.root", "d=/w"}};
  EXPECT_THAT(without_file()->list("cluster.root"), ElementsAre("d=/w"));
}

TEST_F(load_list, checks_a_list_in_a_file) {
  EXPECT_THAT(mistakes_of("[nats]\nurl = [1]\n"), HasSubstr("nats.url holds a whole number, not texts only"));
  EXPECT_THAT(mistakes_of("[nats]\nurl = []\n"), HasSubstr("nats.url is empty"));
  EXPECT_THAT(mistakes_of("[nats]\nurl = 4222\n"), HasSubstr("is a whole number, not a list of URL"));
  EXPECT_THAT(mistakes_of("[cluster]\nroot = [\"a=/x\", \"a=/y\"]\n"), HasSubstr("the name 'a' twice"));
  EXPECT_EQ(mistakes_of("[cluster]\nroot = []\n"), "none");
}

TEST_F(load_list, an_empty_text_unsets_what_has_no_default) {
  variables = {{"TRAINYARD_NATS_USER", "ada"}};
  flags = {{"nats.user", ""}};
  EXPECT_EQ(without_file()->text("nats.user"), "");
  EXPECT_EQ(mistakes_of("[nats]\ntoken = \"\"\n"), "none");
}

TEST_F(load_list, shows_no_secret_and_no_login_of_a_url) {
  variables = {{"TRAINYARD_NATS_PASSWORD", "hunter2"},
               {"TRAINYARD_NATS", "nats://ada:hunter2@a:1,nats://b:2"}};
  const auto text = show(*without_file(), true);
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, HasSubstr("url = [\"nats://(hidden)@a:1\", \"nats://b:2\"]"));
  EXPECT_THAT(text, HasSubstr("password = \"(hidden)\""));
  EXPECT_THAT(text, HasSubstr("token = \"\""));
}

} // namespace
} // namespace trainyard
