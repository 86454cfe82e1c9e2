// One value at a time, hostile ones above all.
#include "config/parse_value.hpp"

#include <clocale>

#include <gtest/gtest.h>

namespace trainyard {
namespace {

using namespace std::chrono_literals;

const option count{.key = "t.count",
                   .flag = "--count",
                   .type = option_type::integer,
                   .standard = "auto",
                   .sentence = "",
                   .least = 1,
                   .most = 1024,
                   .automatic = true};
const option share{.key = "t.share",
                   .flag = "--share",
                   .type = option_type::number,
                   .standard = "0.5",
                   .sentence = "",
                   .least = 0,
                   .most = 1};
const option flag{
    .key = "t.flag", .flag = "--flag", .type = option_type::boolean, .standard = "true", .sentence = ""};
const option kind{.key = "t.kind",
                  .flag = "--kind",
                  .type = option_type::choice,
                  .standard = "fp16",
                  .sentence = "",
                  .choices = "fp16|fp32"};
const option wait{.key = "t.wait",
                  .flag = "--wait",
                  .type = option_type::duration,
                  .standard = "1s",
                  .sentence = "",
                  .least = 0.1,
                  .most = 3600};
const option folder{
    .key = "t.folder", .flag = "--folder", .type = option_type::path, .standard = "x", .sentence = ""};
const option token{.key = "t.token", .flag = "--token", .standard = "x", .sentence = "", .secret = true};

TEST(parse_value, whole_numbers_are_whole_and_inside_their_bounds) {
  EXPECT_EQ(parse_value(count, " 16\r\n").value(), option_value(std::int64_t{16}));
  EXPECT_EQ(parse_value(count, "1").value(), option_value(std::int64_t{1}));
  EXPECT_EQ(parse_value(count, "1024").value(), option_value(std::int64_t{1024}));
  for (const auto* bad : {"0", "1025", "-1", "16.0", "1e3", "0x10", "+5", "16 17", "16k", "", " ",
                          "99999999999999999999", "-99999999999999999999",
                          "\xEF\xBB\xBF"
                          "16",
                          "nan", "true", "１６"})
    EXPECT_FALSE(parse_value(count, bad)) << bad;
  EXPECT_EQ(parse_value(count, "abc").error(), "is 'abc', not a whole number from 1 to 1024 or auto");
}

TEST(parse_value, auto_is_a_value_only_where_the_table_says_so) {
  EXPECT_EQ(parse_value(count, "AUTO").value(), option_value(std::monostate{}));
  EXPECT_FALSE(parse_value(share, "auto"));
}

TEST(parse_value, booleans_take_the_eight_words_in_any_case) {
  for (const auto* yes : {"1", "true", "TRUE", "Yes", "on", " oN "})
    EXPECT_EQ(parse_value(flag, yes).value(), option_value(true)) << yes;
  for (const auto* no : {"0", "false", "False", "NO", "off"})
    EXPECT_EQ(parse_value(flag, no).value(), option_value(false)) << no;
  for (const auto* bad : {"2", "y", "t", "enabled", "", "truee", "-1"})
    EXPECT_FALSE(parse_value(flag, bad)) << bad;
}

TEST(parse_value, numbers_are_finite_decimals_in_every_locale) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  for (const auto* locale : {"C", "de_DE.UTF-8"}) {
    std::setlocale(LC_ALL, locale);
    EXPECT_EQ(parse_value(share, "0.25").value(), option_value(0.25));
  }
  std::setlocale(LC_ALL, before.c_str());
  for (const auto* bad : {"nan", "inf", "1e999", "0,5", "0x1p-1", "1.1", "-0.1", "0.5s", ".", "-", "1.2.3"})
    EXPECT_FALSE(parse_value(share, bad)) << bad;
}

TEST(parse_value, durations_carry_their_unit) {
  EXPECT_EQ(parse_value(wait, "500ms").value(), option_value(500ms));
  EXPECT_EQ(parse_value(wait, "10s").value(), option_value(10'000ms));
  EXPECT_EQ(parse_value(wait, "1.5").value(), option_value(1500ms));
  EXPECT_EQ(parse_value(wait, "2 m").value(), option_value(120'000ms));
  EXPECT_EQ(parse_value(wait, "1h").value(), option_value(3'600'000ms));
  for (const auto* bad : {"2h", "0", "10 apples", "s", "-1s", "1e300h", "ms10", "1d"})
    EXPECT_FALSE(parse_value(wait, bad)) << bad;
  EXPECT_EQ(text_of(wait, option_value(1500ms)), "1500ms");
  EXPECT_EQ(text_of(wait, option_value(60'000ms)), "60s");
}

TEST(parse_value, choices_are_one_word_of_the_list) {
  EXPECT_EQ(parse_value(kind, "FP32").value(), option_value(std::string("fp32")));
  for (const auto* bad : {"fp8", "fp16|fp32", "|", "fp", "", "fp16 fp32"})
    EXPECT_FALSE(parse_value(kind, bad)) << bad;
  EXPECT_EQ(parse_value(kind, "fp8").error(), "is 'fp8', not one of fp16, fp32");
}

TEST(parse_value, a_folder_keeps_its_blanks_and_must_not_hold_control_characters) {
  EXPECT_EQ(parse_value(folder, " my photos ").value(), option_value(std::string(" my photos ")));
  EXPECT_EQ(parse_value(folder, "\xFF\xFE").value(), option_value(std::string("\xFF\xFE")));
  EXPECT_FALSE(parse_value(folder, "a\nb"));
  EXPECT_FALSE(parse_value(folder, std::string_view("a\0b", 3)));
  EXPECT_FALSE(parse_value(folder, ""));
  EXPECT_FALSE(parse_value(folder, "   "));
}

TEST(parse_value, a_secret_is_neither_shown_nor_told_in_a_mistake) {
  EXPECT_EQ(text_of(token, option_value(std::string("hunter2"))), "(hidden)");
  EXPECT_EQ(toml_of(token, option_value(std::string("hunter2"))), "\"(hidden)\"");
  const auto wrong = parse_value(token, "hunter2\x01");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().find("hunter2"), std::string::npos);
}

TEST(parse_value, text_is_quoted_for_toml) {
  EXPECT_EQ(toml_of(folder, option_value(std::string(R"(a"b\c)"))), R"("a\"b\\c")");
}

} // namespace
} // namespace trainyard
