// SigLIP's tokenizer against transformers, text by text, and against files that are none.
#include "actors/device/text/siglip_tokenizer.hpp"

#include <filesystem>
#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using testing::content_of;
using ::testing::HasSubstr;
using testing::temp_dir;

const fs::path folder = fs::path(TRAINYARD_VOCABULARIES) / "siglip";

TEST(siglip_tokenizer, ids_of_hard_and_of_random_texts_are_those_of_the_reference) {
  const auto rows = nlohmann::json::parse(content_of(folder / "ids.json"));
  ASSERT_GE(rows.size(), 600U);
  const auto tokenizer = siglip_tokenizer::read(folder, 64).value();
  for (const auto& row : rows) {
    const auto tokens = tokenizer.tokenize(row.at("text").get<std::string>());
    ASSERT_TRUE(tokens) << tokens.error().cause;
    EXPECT_EQ(tokens->ids, row.at("ids").get<std::vector<std::int64_t>>())
        << row.at("text").dump(-1, ' ', true);
  }
}

TEST(siglip_tokenizer, texts_are_made_canonical) {
  EXPECT_EQ(canonical_text("  Hello,\t\n WORLD!  it's \x1C "), "hello world its");
  EXPECT_EQ(canonical_text("\xCE\x91\xCE\xA3 \xCE\xA3"),
            "\xCE\xB1\xCF\x82 \xCF\x83"); // a final sigma, and one alone
  EXPECT_EQ(canonical_text("!?"), "");
}

TEST(siglip_tokenizer, texts_are_padded_or_cut_to_the_context) {
  const auto tokenizer = siglip_tokenizer::read(folder, 8).value();
  const auto short_one = tokenizer.tokenize("the value").value();
  EXPECT_EQ(short_one.ids.size(), 8U);
  EXPECT_EQ(short_one.ids.back(), tokenizer.end_id());
  EXPECT_EQ(short_one.kept_tokens, short_one.text_tokens);
  const auto long_one =
      tokenizer.tokenize("the value of the expression of the value of the expression").value();
  EXPECT_EQ(long_one.ids.size(), 8U);
  EXPECT_EQ(long_one.ids.back(), tokenizer.end_id());
  EXPECT_EQ(long_one.kept_tokens, 7U);
  EXPECT_GT(long_one.text_tokens, 7U);
}

TEST(siglip_tokenizer, files_that_are_none_are_refused_by_name) {
  const temp_dir dir;
  const auto told = [&] {
    const auto read = siglip_tokenizer::read(dir.path(), 64);
    return read ? std::string() : read.error().cause;
  };
  EXPECT_THAT(told(), HasSubstr("no spiece.model"));
  dir.write("spiece.model", "not protobuf");
  EXPECT_THAT(told(), HasSubstr("spiece.model is no model of SentencePiece"));
  dir.write("spiece.model", "");
  EXPECT_THAT(told(), HasSubstr("spiece.model"));
  const auto good = content_of(folder / "spiece.model");
  dir.write("spiece.model", good.substr(0, good.size() / 2));
  EXPECT_THAT(told(), HasSubstr("spiece.model"));
  dir.write("spiece.model", good);
  EXPECT_EQ(told(), "");
  dir.write("tokenizer_config.json", "[]");
  EXPECT_THAT(told(), HasSubstr("tokenizer_config.json is no JSON object"));
  dir.write("tokenizer_config.json", R"({"pad_token": 7})");
  EXPECT_THAT(told(), HasSubstr("'pad_token'"));
  dir.write("tokenizer_config.json", R"({"pad_token": "<nothing>"})");
  EXPECT_THAT(told(), HasSubstr("lacks the token '<nothing>'"));
  dir.write("tokenizer_config.json", R"({"pad_token": {"content": "<pad>"}})");
  EXPECT_EQ(siglip_tokenizer::read(dir.path(), 4).value().tokenize("").value().ids,
            (std::vector<std::int64_t>{1, 0, 0, 0}));
}

/// Any byte anywhere: what comes of it is a refusal or some tokens, within the vocabulary, and nothing else.
TEST(siglip_tokenizer, damaged_files_are_refused_or_harmless) {
  const temp_dir dir;
  const auto good = content_of(folder / "spiece.model");
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    auto bad = good;
    for (int change = 0; change <= round % 4; ++change)
      bad[random() % (round % 2 == 0 ? bad.size() : 4096)] = static_cast<char>(random());
    if (round % 5 == 0)
      bad.resize(random() % bad.size());
    dir.write("spiece.model", bad);
    const auto read = siglip_tokenizer::read(dir.path(), 64);
    if (!read)
      continue;
    for (const std::string text :
         {"the value of an expression", "\xE4\xB8\xAD\xEF\xBC\xA1\xE2\x91\xA0 x", ""}) {
      const auto tokens = read->tokenize(text).value();
      for (const auto id : tokens.ids)
        ASSERT_LT(static_cast<std::uint64_t>(id), read->vocabulary()) << round;
    }
  }
}

} // namespace
} // namespace trainyard
