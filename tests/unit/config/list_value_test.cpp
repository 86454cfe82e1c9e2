// Lists of one option, roots above all.
#include "config/list_value.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/parse_value.hpp"

namespace trainyard {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using texts = std::vector<std::string>;

const option roots{.key = "t.root",
                   .flag = "--root",
                   .type = option_type::list,
                   .standard = "",
                   .sentence = "",
                   .item = "NAME=PATH",
                   .named_paths = true};
const option urls{.key = "t.url",
                  .flag = "--url",
                  .type = option_type::list,
                  .standard = "u",
                  .sentence = "",
                  .item = "URL"};

std::string mistake_of(const option& which, std::string_view text) {
  const auto value = parse_value(which, text);
  return value ? "none" : value.error();
}

TEST(list_value, is_split_at_commas_and_trimmed) {
  EXPECT_THAT(items_of(""), IsEmpty());
  EXPECT_THAT(items_of(" \t"), IsEmpty());
  EXPECT_THAT(items_of("a"), ElementsAre("a"));
  EXPECT_THAT(items_of(" a , b c,d "), ElementsAre("a", "b c", "d"));
  EXPECT_THAT(items_of("a,,b,"), ElementsAre("a", "", "b", ""));
}

TEST(list_value, reads_back_as_it_is_shown) {
  const auto value = parse_value(urls, "nats://a:1, nats://b:2").value();
  EXPECT_EQ(value, option_value(texts{"nats://a:1", "nats://b:2"}));
  EXPECT_EQ(text_of(urls, value), "nats://a:1,nats://b:2");
  EXPECT_EQ(toml_of(urls, value), R"(["nats://a:1", "nats://b:2"])");
  EXPECT_EQ(toml_of(roots, option_value(texts{})), "[]");
  EXPECT_EQ(toml_of(roots, option_value(texts{R"(a=/x"y\)"})), R"(["a=/x\"y\\"])");
}

TEST(list_value, is_empty_only_where_nothing_is_the_default) {
  EXPECT_EQ(mistake_of(urls, ""), "is empty");
  EXPECT_EQ(mistake_of(roots, ""), "none");
  EXPECT_THAT(mistake_of(urls, "a,,b"), HasSubstr("holds an empty item, not a list of URL"));
  EXPECT_THAT(mistake_of(roots, "a=/x,"), HasSubstr("holds an empty item"));
}

TEST(list_value, of_roots_names_each_path_once) {
  EXPECT_EQ(mistake_of(roots, "a=/x, B-2_=relative, c=/with=sign"), "none");
  EXPECT_EQ(mistake_of(roots, "/x"), "holds '/x', not NAME=PATH");
  EXPECT_EQ(mistake_of(roots, "a="), "holds 'a=', not NAME=PATH");
  EXPECT_THAT(mistake_of(roots, "=/x"), HasSubstr("holds the name '', not 1 to 64 letters"));
  EXPECT_THAT(mistake_of(roots, "a.b=/x"), HasSubstr("holds the name 'a.b'"));
  EXPECT_THAT(mistake_of(roots, "*=/x"), HasSubstr("holds the name '*'"));
  EXPECT_EQ(mistake_of(roots, "a=/x,b=/y,a=/z"), "holds the name 'a' twice");
}

TEST(list_value, of_roots_becomes_names_and_paths) {
  EXPECT_THAT(named_paths({"a=/x", "b= /with=sign "}),
              ElementsAre(named_path{"a", "/x"}, named_path{"b", "/with=sign"}));
}

TEST(list_value, tells_no_login_of_a_url) {
  EXPECT_EQ(without_login("nats://ada:hunter2@host:4222"), "nats://(hidden)@host:4222");
  EXPECT_EQ(without_login("nats://token@host"), "nats://(hidden)@host");
  EXPECT_EQ(without_login("nats://p@ss@host"), "nats://(hidden)@host");
  EXPECT_EQ(without_login("nats://host:4222"), "nats://host:4222");
  EXPECT_EQ(without_login("a=/p@th"), "a=/p@th");
  EXPECT_EQ(mistake_of(urls, "nats://ada:hunter2@a\x01").find("hunter2"), std::string::npos);
}

} // namespace
} // namespace trainyard
