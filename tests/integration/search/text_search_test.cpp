// Words against an embedded folder: `trainyard search --text` and `trainyard embed-text`, with the reference
// as the judge.
#include <cmath>

#include <gmock/gmock.h>

#include "tests/integration/search/search_bench.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const fs::path towers = TRAINYARD_TEST_TEXT_TOWERS;
constexpr const char* dusk = "a boat at dusk";

class text_search : public testing::search_bench, public ::testing::WithParamInterface<std::string> {
protected:
  [[nodiscard]] fs::path model() const { return towers / GetParam(); }
  [[nodiscard]] testing::finished_process embed(const fs::path& to) const {
    auto arguments = run_arguments(photos(), to);
    for (const auto& each :
         {std::string("--model"), model().string(), std::string("--precision"), std::string("fp32")})
      arguments.push_back(each);
    return trainyard(arguments);
  }
};
INSTANTIATE_TEST_SUITE_P(families, text_search, ::testing::Values("clip", "open-clip", "siglip"),
                         [](const auto& instance) {
                           return instance.param == "open-clip" ? "open_clip" : instance.param;
                         });

TEST_P(text_search, finds_for_words_what_numpy_finds_with_the_references_vector) {
  ASSERT_EQ(embed(out()).status, 0);
  const auto done =
      trainyard({"search", out().string(), "--text", dusk, "-k", "5", "--json", "--model", model().string()});
  ASSERT_EQ(done.status, 0) << done.err;
  const auto answer = report_of(done);
  EXPECT_EQ(answer["query"]["text"], dusk);
  const auto judged = python({"tests/integration/search/text_judge.py", out().string(),
                              (model() / "texts.json").string(), dusk, "5"});
  ASSERT_EQ(judged.status, 0) << judged.err;
  const auto wanted = nlohmann::json::parse(judged.out);
  ASSERT_EQ(answer["hits"].size(), 5);
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_NEAR(answer["hits"][i]["score"].get<double>(), wanted[i][1].get<double>(), 1e-3) << i;
  EXPECT_EQ(answer["hits"][0]["image_path"], wanted[0][0]);

  const auto other = towers / (GetParam() == "siglip" ? "clip" : "siglip");
  const auto refused = trainyard({"search", out().string(), "--text", dusk, "--model", other.string()});
  EXPECT_EQ(refused.status, 78);
  EXPECT_THAT(refused.err, HasSubstr("TY1203"));

  const auto page = dir.path() / "hits.html";
  std::string long_text = "<b>";
  for (int i = 0; i < 100; ++i)
    long_text += " cat";
  const auto shown = trainyard(
      {"search", out().string(), "--text", long_text, "--html", page.string(), "--model", model().string()});
  ASSERT_EQ(shown.status, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("RANK  COSINE"));
  EXPECT_THAT(shown.err, HasSubstr("tokens, of which the model reads the first"));
}

TEST_P(text_search, gives_the_vectors_of_texts_as_json_and_as_numpys_file) {
  const auto file = dir.path() / "queries.npy";
  const auto done = trainyard({"embed-text", dusk, "a dog", "--model", model().string(), "--json"});
  ASSERT_EQ(done.status, 0) << done.err;
  const auto answer = report_of(done);
  ASSERT_EQ(answer["texts"].size(), 2);
  EXPECT_EQ(answer["texts"][1]["text"], "a dog");
  const auto vector = answer["texts"][0]["vector"].get<std::vector<double>>();
  ASSERT_EQ(vector.size(), answer["dim"].get<std::size_t>());
  const auto written =
      trainyard({"embed-text", dusk, "a dog", "--model", model().string(), "--out", file.string()});
  ASSERT_EQ(written.status, 0) << written.err;
  EXPECT_THAT(written.out, HasSubstr("queries.npy"));
  const auto read =
      python({"-c",
              "import sys, json, numpy; x = numpy.load(sys.argv[1]); assert x.dtype == 'f4', x.dtype; "
              "print(json.dumps(x.tolist()))",
              file.string()});
  ASSERT_EQ(read.status, 0) << read.err;
  const auto rows = nlohmann::json::parse(read.out);
  ASSERT_EQ(rows.size(), 2);
  for (std::size_t i = 0; i < vector.size(); ++i)
    EXPECT_NEAR(rows[0][i].get<double>(), vector[i], 1e-6);
}

using text_refusal = testing::search_bench;

TEST_F(text_refusal, refuses_what_is_no_text_by_its_number_and_writes_nothing) {
  const auto model = (towers / "clip").string();
  const auto file = dir.path() / "queries.npy";
  const auto told = [&](std::vector<std::string> texts) {
    texts.insert(texts.begin(), "embed-text");
    for (const auto& each : {std::string("--model"), model, std::string("--out"), file.string()})
      texts.push_back(each);
    const auto done = trainyard(texts);
    EXPECT_EQ(done.status, 2) << done.err;
    EXPECT_FALSE(fs::exists(file));
    EXPECT_EQ(done.out, "");
    return done.err;
  };
  EXPECT_THAT(told({"a dog", " "}), HasSubstr("text 2: the text is empty"));
  EXPECT_THAT(told({"a dog", "caf\xE9"}), HasSubstr("text 2: the text is not UTF-8"));
  EXPECT_THAT(told({std::string(70'000, 'a')}), HasSubstr("longer than 65536"));
}

} // namespace
} // namespace trainyard
