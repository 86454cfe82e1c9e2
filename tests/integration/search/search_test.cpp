// `trainyard search` on real vectors of real photos, with numpy as the judge.
#include <algorithm>

#include <gmock/gmock.h>

#include "tests/integration/search/search_bench.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class search_command : public testing::search_bench {
protected:
  static std::vector<fs::path> some_photos(std::size_t count) {
    std::vector<fs::path> all;
    for (const auto& each : fs::recursive_directory_iterator(photos()))
      if (each.is_regular_file())
        all.push_back(each.path());
    std::ranges::sort(all);
    std::vector<fs::path> some;
    for (std::size_t i = 0; i < count; ++i)
      some.push_back(all[i * all.size() / count]);
    return some;
  }
};

TEST_F(search_command, finds_a_photo_itself_first_and_the_neighbours_that_numpy_finds) {
  const auto queries = some_photos(20);
  std::vector<std::string> numpy{"tests/integration/search/brute_force.py", vectors().string(), "8"};
  for (const auto& each : queries)
    numpy.push_back(fs::relative(each, photos()).string());
  const auto judged = python(numpy);
  ASSERT_EQ(judged.status, 0) << judged.err;
  const auto wanted = nlohmann::json::parse(judged.out);
  for (const auto& each : queries) {
    const auto name = fs::relative(each, photos()).string();
    const auto done =
        trainyard({"search", vectors().string(), "--image", each.string(), "-k", "8", "--json"});
    ASSERT_EQ(done.status, 0) << done.err;
    const auto answer = report_of(done);
    EXPECT_EQ(answer["schema"], 1);
    EXPECT_EQ(answer["rows"], 96);
    ASSERT_EQ(answer["hits"].size(), 8);
    EXPECT_EQ(answer["hits"][0]["image_path"], name);
    EXPECT_GT(answer["hits"][0]["score"].get<double>(), 0.999);
    for (std::size_t i = 0; i < 8; ++i) {
      const auto& hit = answer["hits"][i];
      // The query is embedded anew in fp32, numpy's is a stored row: scores differ by what fp16 rounds away.
      EXPECT_NEAR(hit["score"].get<double>(), wanted[name][i][1].get<double>(), 2e-3) << name;
      const auto& judged_hits = wanted[name];
      const bool among = std::any_of(judged_hits.begin(), judged_hits.end(),
                                     [&](const auto& one) { return one[0] == hit["image_path"]; });
      EXPECT_TRUE(among || hit["score"].get<double>() < wanted[name][7][1].get<double>() + 2e-3) << name << i;
    }
  }
}

TEST_F(search_command, shows_a_table_and_a_page_that_holds_all_its_pictures) {
  const auto page = dir.path() / "hits.html";
  const auto done =
      trainyard({"search", vectors().string(), "--image", a_jpeg().string(), "--html", page.string()});
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("RANK  COSINE"));
  EXPECT_EQ(std::ranges::count(done.out, '\n'), 11);
  const auto html = testing::content_of(page);
  std::size_t pictures = 0;
  for (auto at = html.find("data:image/jpeg;base64,/9j/"); at != std::string::npos;
       at = html.find("data:image/jpeg;base64,/9j/", at + 1))
    ++pictures;
  EXPECT_EQ(pictures, 11); // ten hits and the query
  EXPECT_THAT(html, Not(HasSubstr("class=\"none\"")));
}

TEST_F(search_command, says_on_the_page_which_originals_are_missing_or_changed) {
  const auto moved = dir.path() / "moved";
  const auto query = some_photos(1)[0];
  fs::create_directories((moved / fs::relative(query, photos())).parent_path());
  auto changed = testing::content_of(query) + "and more"; // behind the image's end
  dir.write(moved / fs::relative(query, photos()), changed);
  const auto page = dir.path() / "hits.html";
  const auto done = trainyard({"search", vectors().string(), "--image", query.string(), "-k", "3", "--html",
                               page.string(), "--photos", moved.string()});
  ASSERT_EQ(done.status, 0) << done.err;
  const auto html = testing::content_of(page);
  EXPECT_THAT(html, HasSubstr("the original is not there any more"));
  EXPECT_THAT(html, HasSubstr("changed since it was embedded"));
}

TEST_F(search_command, searches_what_is_committed_of_a_session_that_has_not_ended) {
  const auto growing = own_copy();
  fs::remove(growing / "session.json");
  const auto done =
      trainyard({"search", growing.string(), "--image", a_jpeg().string(), "-k", "1000", "--json"});
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("has no session.json"));
  const auto answer = report_of(done);
  EXPECT_EQ(answer["finished"], false);
  EXPECT_EQ(answer["hits"].size(), 96);
}

} // namespace
} // namespace trainyard
