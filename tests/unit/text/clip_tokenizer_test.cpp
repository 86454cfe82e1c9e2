// CLIP's tokenizer against transformers, text by text.
#include "actors/device/text/clip_tokenizer.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "actors/device/text/unicode.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;

clip_tokenizer real(const std::string& name, std::size_t context = 77) {
  return clip_tokenizer::read(std::filesystem::path(TRAINYARD_VOCABULARIES) / name, context).value();
}

class clip_tokenizer_parity : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(forms, clip_tokenizer_parity,
                         ::testing::Values("clip", "clip-json", "clip-old-json"), [](const auto& instance) {
                           auto name = instance.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_P(clip_tokenizer_parity, ids_of_hard_and_of_random_texts_are_those_of_the_reference) {
  std::ifstream file(std::filesystem::path(TRAINYARD_VOCABULARIES) / GetParam() / "ids.json");
  const auto rows = nlohmann::json::parse(file);
  ASSERT_GE(rows.size(), 600U);
  const auto tokenizer = real(GetParam());
  for (const auto& row : rows) {
    const auto text = row.at("text").get<std::string>();
    const auto tokens = tokenizer.tokenize(text);
    ASSERT_TRUE(tokens) << tokens.error().cause;
    EXPECT_EQ(tokens->ids, row.at("ids").get<std::vector<std::int64_t>>())
        << row.at("text").dump(-1, ' ', true);
  }
}

TEST(clip_tokenizer, what_is_too_long_keeps_its_beginning_and_the_end_mark) {
  const auto tokenizer = real("clip", 5);
  const auto cut = tokenizer.tokenize("one two three four").value();
  EXPECT_EQ(cut.ids.size(), 5U);
  EXPECT_EQ(cut.ids.back(), tokenizer.end_id());
  EXPECT_EQ(cut.text_tokens, 4U);
  EXPECT_EQ(cut.kept_tokens, 3U);
  const auto whole = tokenizer.tokenize("one two three").value();
  EXPECT_EQ(whole.ids, cut.ids);
  EXPECT_EQ(whole.text_tokens, whole.kept_tokens);
}

TEST(clip_tokenizer, what_is_no_text_is_refused_with_the_place) {
  const auto tokenizer = real("clip");
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"\xFF", "byte 1"},
      {"caf\xE9", "byte 4"},
      {"ab\xC0\xAF", "byte 3"},
      {"\xED\xA0\x80", "byte 1"},
      {"x\xF5\x80\x80\x80", "byte 2"},
      {"cut \xF0\x9F\x98", "byte 5"},
      {"\x80", "byte 1"},
      {std::string(65'537, 'a'), "longer than 65536"}};
  for (const auto& [text, told] : wrong) {
    const auto refused = tokenizer.tokenize(text);
    ASSERT_FALSE(refused) << told;
    EXPECT_EQ(refused.error().kind, failure_kind::usage);
    EXPECT_THAT(refused.error().cause, HasSubstr(told));
  }
}

TEST(clip_tokenizer, the_longest_text_takes_no_longer_than_its_length_allows) {
  const auto tokenizer = real("clip");
  for (const std::string unit :
       {"a", "ab", "\xCC\x81", "\xCC\x81\xCC\xA3", "!", " ", "\xF0\x9F\x98\x80", "<|endoftext|>", "'s"}) {
    std::string text;
    while (text.size() + unit.size() <= most_text_bytes)
      text += unit;
    const auto tokens = tokenizer.tokenize(text);
    ASSERT_TRUE(tokens) << tokens.error().cause;
    EXPECT_LE(tokens->ids.size(), 77U);
  }
}

TEST(unicode, marks_are_composed_and_capitals_made_small) {
  EXPECT_EQ(composed("e\xCC\x81"), "\xC3\xA9");
  EXPECT_EQ(composed(""), "");
  EXPECT_EQ(composed(std::string("a\0b", 3)), std::string("a\0b", 3));
  EXPECT_EQ(lower_case(U"\u0130\u03A3A"), U"i\u0307\u03C3a");
  EXPECT_FALSE(code_points_of("\xE2\x82"));
  EXPECT_EQ(utf8_of(U"\u00e9\U0001F600"), "\xC3\xA9\xF0\x9F\x98\x80");
}

} // namespace
} // namespace trainyard
