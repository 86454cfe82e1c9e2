// Vocabularies that are broken, huge or of something else are refused by file and reason.
#include "actors/device/text/bpe_files.hpp"

#include <gmock/gmock.h>

#include "actors/device/text/clip_tokenizer.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/text/made_vocabulary.hpp"

namespace trainyard {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using namespace trainyard::testing;

/// What is said of a folder with these two files; empty: nothing.
std::string told_of(const std::string& vocabulary, const std::string& merges) {
  const temp_dir dir;
  dir.write("vocab.json", vocabulary);
  dir.write("merges.txt", merges);
  const auto read = clip_tokenizer::read(dir.path(), 77);
  if (read)
    return "";
  EXPECT_EQ(read.error().kind, failure_kind::model_invalid);
  EXPECT_FALSE(read.error().remedy.empty());
  return read.error().cause;
}

std::string told_of_one_file(const json& content) {
  const temp_dir dir;
  dir.write("tokenizer.json", content.dump());
  const auto read = clip_tokenizer::read(dir.path(), 77);
  return read ? "" : read.error().cause;
}

TEST(bpe_files, the_least_vocabulary_is_read_and_merges_in_their_order) {
  const temp_dir dir;
  dir.write("vocab.json", made_vocabulary({"ab", "bc</w>", "abc</w>"}).dump());
  dir.write("merges.txt", "b c</w>\na bc</w>\na b\n");
  const auto by_rank = clip_tokenizer::read(dir.path(), 77).value();
  EXPECT_EQ(by_rank.vocabulary(), 517U);
  EXPECT_EQ(by_rank.tokenize("abc").value().ids, (std::vector<std::int64_t>{515, 514, 516}));
  EXPECT_EQ(by_rank.tokenize("abab").value().ids, (std::vector<std::int64_t>{515, 512, 'a', 256 + 'b', 516}));
  dir.write("merges.txt", "a b\nb c</w>\na bc</w>\n");
  const auto other = clip_tokenizer::read(dir.path(), 77).value();
  EXPECT_EQ(other.tokenize("abc").value().ids, (std::vector<std::int64_t>{515, 512, 256 + 'c', 516}));
}

TEST(bpe_files, a_folder_without_a_tokenizer_is_told_what_to_add) {
  const temp_dir dir;
  const auto read = read_bpe_files(dir.path());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, failure_kind::model_missing);
  dir.write("vocab.json", made_vocabulary().dump());
  EXPECT_THAT(read_bpe_files(dir.path()).error().cause, HasSubstr("merges.txt"));
}

TEST(bpe_files, broken_vocabularies_are_refused_by_name) {
  const auto good = made_vocabulary();
  const auto without = [&](const char* token) {
    auto less = good; // the last id takes the place, so that ids are whole
    const auto freed = less[token];
    less.erase(token);
    for (auto& [name, id] : less.items())
      if (id == good.size() - 1)
        id = freed;
    return less.dump();
  };
  const auto with = [&](const char* token, const json& id) {
    auto changed = good;
    changed[token] = id;
    return changed.dump();
  };
  EXPECT_EQ(told_of(good.dump(), made_merges), "");
  EXPECT_THAT(told_of("", made_merges), HasSubstr("vocab.json is no JSON object"));
  EXPECT_THAT(told_of("[1]", made_merges), HasSubstr("no JSON object"));
  EXPECT_THAT(told_of("{}", made_merges), HasSubstr("no vocabulary"));
  EXPECT_THAT(told_of(good.dump().substr(0, 3000), made_merges), HasSubstr("no JSON object"));
  EXPECT_THAT(told_of("{\"\xFF\":0}", made_merges), HasSubstr("no JSON object"));
  EXPECT_THAT(told_of(std::string(100'000, '['), made_merges), HasSubstr("no JSON object"));
  for (const json& id :
       {json(-1), json(1.5), json("7"), json(nullptr), json(516), json(1ULL << 63U), json::array()})
    EXPECT_THAT(told_of(with("ab", id), made_merges), HasSubstr("'ab' the id")) << id;
  EXPECT_THAT(told_of(with("ab", 7), made_merges), HasSubstr("the id 7 to two tokens"));
  EXPECT_THAT(told_of(without("!"), made_merges), HasSubstr("lacks the token '!'"));
  EXPECT_THAT(told_of(without("a</w>"), made_merges), HasSubstr("lacks the token 'a</w>'"));
  EXPECT_THAT(told_of(without("ab"), made_merges), HasSubstr("lacks the token 'ab'"));
  EXPECT_THAT(told_of(without("<|endoftext|>"), made_merges), HasSubstr("lacks the token '<|endoftext|>'"));
  EXPECT_THAT(told_of(with("\x1b[31m", 0), made_merges), HasSubstr("two tokens"));
}

TEST(bpe_files, broken_merges_are_refused_by_line) {
  const auto good = made_vocabulary().dump();
  EXPECT_EQ(told_of(good, "a b\r\na b</w>"), "");
  EXPECT_EQ(told_of(good, ""), "");
  EXPECT_THAT(told_of(good, "a b\nab\n"), HasSubstr("merges.txt has in line 2"));
  EXPECT_THAT(told_of(good, "a b c\n"), HasSubstr("line 1"));
  EXPECT_THAT(told_of(good, " b\n"), HasSubstr("line 1"));
  EXPECT_THAT(told_of(good, "a \n"), HasSubstr("line 1"));
  EXPECT_THAT(told_of(good, "x y\n"), HasSubstr("lacks the token 'xy'"));
  EXPECT_THAT(told_of(good, "qu \xFF\n"), HasSubstr("lacks the token"));
  EXPECT_THAT(told_of(good, std::string(1 << 20, 'x')), HasSubstr("line 1"));
}

TEST(bpe_files, what_is_no_file_or_far_too_large_is_not_read) {
  const temp_dir dir;
  dir.write("merges.txt", made_merges);
  std::filesystem::create_directory(dir.path() / "vocab.json");
  EXPECT_THAT(read_bpe_files(dir.path()).error().cause, HasSubstr("not a regular file"));
  std::filesystem::remove(dir.path() / "vocab.json");
  dir.write("vocab.json", "{}");
  std::filesystem::resize_file(dir.path() / "vocab.json", (32U << 20) + 1);
  EXPECT_THAT(read_bpe_files(dir.path()).error().cause, HasSubstr("more than 32 MiB"));
}

TEST(bpe_files, one_file_of_another_tokenizer_or_form_is_refused) {
  const json good{{"model",
                   {{"type", "BPE"},
                    {"end_of_word_suffix", "</w>"},
                    {"vocab", made_vocabulary()},
                    {"merges", {"a b", json{"a", "b</w>"}}}}}};
  const auto with = [&](const char* key, const json& value) {
    auto changed = good;
    changed["model"][key] = value;
    return told_of_one_file(changed);
  };
  EXPECT_EQ(told_of_one_file(good), "");
  EXPECT_THAT(told_of_one_file(json{{"model", 7}}), HasSubstr("another tokenizer"));
  EXPECT_THAT(told_of_one_file(json::object()), HasSubstr("another tokenizer"));
  EXPECT_THAT(told_of_one_file(json::array()), HasSubstr("no JSON object"));
  EXPECT_THAT(with("type", "Unigram"), HasSubstr("another tokenizer"));
  EXPECT_THAT(with("end_of_word_suffix", nullptr), HasSubstr("another tokenizer"));
  EXPECT_THAT(with("vocab", json::array()), HasSubstr("no vocabulary"));
  EXPECT_THAT(with("merges", "a b"), HasSubstr("no list of merges"));
  for (const json& merge : {json("ab"), json(7), json{"a"}, json{"a", 7}, json{"a", "b", "c"}})
    EXPECT_THAT(with("merges", json::array({merge})), HasSubstr("what is none")) << merge;
}

} // namespace
} // namespace trainyard
