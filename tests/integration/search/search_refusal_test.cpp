// Searches that cannot be done end with their cause, a remedy and a status, and never with wrong hits.
#include <fstream>

#include <gmock/gmock.h>

#include "tests/integration/search/search_bench.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class search_refusal : public testing::search_bench {
protected:
  void replace_in_session(const fs::path& folder, const std::string& what, const std::string& by) {
    auto text = testing::content_of(folder / "session.json");
    const auto at = text.find(what);
    ASSERT_NE(at, std::string::npos);
    std::ofstream(folder / "session.json", std::ios::binary) << text.replace(at, what.size(), by);
  }
};

TEST_F(search_refusal, of_mistakes_in_the_command) {
  const auto out = vectors().string();
  const auto image = a_jpeg().string();
  struct mistake {
    std::vector<std::string> arguments;
    int status;
    std::string told;
  };
  const std::vector<mistake> mistakes{
      {{"search"}, 2, "lacks its OUT"},
      {{"search", out}, 2, "nothing is searched for"},
      {{"search", out, "--image", image, "--text", "a cat"}, 2, "both given"},
      {{"search", out, "--image", image, "-k", "0"}, 2, "--hits is '0'"},
      {{"search", out, "--image", image, "-k", "10001"}, 2, "10000"},
      {{"search", photos().string(), "--image", image}, 66, "no output folder"},
      {{"search", out, "--image", out + "/nothing.jpg"}, 66, "cannot be opened"},
      {{"search", out, "--text", "a cat"}, 78, "no text tower"},
      {{"embed-text", "a cat"}, 78, "no text tower"},
      {{"embed-text", ""}, 2, "is empty"},
      {{"search", out, "--image", image, "--model", "other"}, 78, "other"},
      {{"export", out}, 2, "--into"},
      {{"export", out, "--to", "excel"}, 2, "parquet, faiss"},
      {{"export", out, "--to", "pgvector"}, 2, "TRAINYARD_EXPORT_DATABASE"},
      {{"export", out, "--to", "pgvector", "--into", out + "/x.sql", "--table", "a.b.c"}, 2, "--table"}};
  for (const auto& each : mistakes) {
    const auto done = trainyard(each.arguments);
    EXPECT_EQ(done.status, each.status) << done.err;
    EXPECT_THAT(done.err, HasSubstr(each.told));
    EXPECT_EQ(done.out, "");
  }
}

TEST_F(search_refusal, of_an_image_that_is_none) {
  const auto text = dir.write("note.jpg", "not an image");
  const auto done = trainyard({"search", vectors().string(), "--image", text.string()});
  EXPECT_EQ(done.status, 1);
  EXPECT_THAT(done.err, HasSubstr("note.jpg"));
  EXPECT_THAT(done.err, HasSubstr("TY2101"));
}

TEST_F(search_refusal, of_a_folder_in_another_space) {
  const auto folder = own_copy();
  const auto space =
      nlohmann::json::parse(testing::content_of(folder / "session.json"))["space_id"].get<std::string>();
  replace_in_session(folder, space, std::string(16, '0'));
  const auto done = trainyard({"search", folder.string(), "--image", a_jpeg().string()});
  EXPECT_EQ(done.status, 78);
  EXPECT_THAT(done.err, HasSubstr("of space 0000000000000000"));
  EXPECT_THAT(done.err, HasSubstr("--model"));
  EXPECT_THAT(done.err, HasSubstr("TY1203"));
}

TEST_F(search_refusal, of_hostile_shards_by_name) {
  const auto folder = own_copy();
  const auto shard = folder / "img_emb" / "img_emb_00001.npy";
  const auto good = testing::content_of(shard);
  const auto told = [&](const std::string& content) {
    std::ofstream(shard, std::ios::binary) << content;
    const auto done = trainyard({"search", folder.string(), "--image", a_jpeg().string()});
    EXPECT_EQ(done.status, 78);
    EXPECT_THAT(done.err, HasSubstr("img_emb_00001.npy"));
    return done.err;
  };
  EXPECT_THAT(told(good.substr(0, good.size() - 2)), HasSubstr("bytes of numbers"));
  EXPECT_THAT(told("\x80\x04pickle"), HasSubstr("no .npy file"));
  auto object = good;
  object.replace(object.find("<f2"), 3, "|O8");
  EXPECT_THAT(told(object), HasSubstr("<f2 or <f4"));
}

} // namespace
} // namespace trainyard
