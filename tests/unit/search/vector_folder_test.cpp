// A folder is described by its session.json, or by what is committed while there is none.
#include "actors/search/vector_folder.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "actors/search/exact_search.hpp"
#include "actors/search/hit_details.hpp"
#include "messages/json_codec.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/output/made_batches.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;

struct made_output {
  testing::temp_dir dir;
  output_spec spec = testing::made_spec();
  std::vector<testing::made_batch> session = testing::made_session(spec);
  std::filesystem::path out = dir.path() / "out";

  [[nodiscard]] std::uint64_t embedded() const {
    std::uint64_t count = 0;
    for (const auto& each : session)
      count += each.done.embedded.size();
    return count;
  }
};

std::vector<float> any_query(const vector_folder& folder) {
  return std::vector<float>(folder.dim, 0.5F);
}

TEST(vector_folder, a_finished_one_is_what_its_session_json_says) {
  made_output made;
  ASSERT_TRUE(testing::write_session(made.out, made.spec, made.session));
  const auto folder = look_at_folder(made.out.string() + "/");
  ASSERT_TRUE(folder) << folder.error().cause;
  EXPECT_TRUE(folder->is_finished());
  EXPECT_EQ(folder->state, "completed");
  EXPECT_EQ(folder->space_id, made.spec.space_id);
  EXPECT_EQ(folder->rows, made.embedded());
  EXPECT_GT(folder->shards.size(), 1);
  const auto found = search(*folder, any_query(*folder), {.k = 1000});
  ASSERT_TRUE(found) << found.error().cause;
  EXPECT_EQ(found->hits.size() + found->not_finite, folder->rows);
}

TEST(vector_folder, is_the_same_without_the_private_part_of_a_copied_folder) {
  made_output made;
  ASSERT_TRUE(testing::write_session(made.out, made.spec, made.session));
  const auto whole = look_at_folder(made.out);
  std::filesystem::remove_all(made.out / ".trainyard");
  const auto copied = look_at_folder(made.out);
  ASSERT_TRUE(whole && copied);
  EXPECT_EQ(copied->shards, whole->shards);
}

TEST(vector_folder, one_that_is_being_written_shows_its_committed_shards_and_is_left_as_it_is) {
  made_output made;
  auto writer = output_folder::open(made.out, made.spec);
  ASSERT_TRUE(writer);
  EXPECT_EQ(look_at_folder(made.out)->rows, 0);
  for (std::uint64_t batch = 0; batch < 7; ++batch)
    ASSERT_TRUE(writer->emit(batch, made.session[batch].assets, made.session[batch].done));
  const auto before = testing::contents_of(made.out);
  const auto folder = look_at_folder(made.out);
  ASSERT_TRUE(folder) << folder.error().cause;
  EXPECT_FALSE(folder->is_finished());
  EXPECT_EQ(folder->rows, writer->committed().embedded);
  EXPECT_GT(folder->rows, 0);
  EXPECT_TRUE(search(*folder, any_query(*folder), {}));
  EXPECT_EQ(testing::contents_of(made.out), before);
}

TEST(vector_folder, a_line_of_the_log_that_is_half_written_does_not_count_and_stays) {
  made_output made;
  ASSERT_TRUE(testing::write_session(made.out, made.spec, made.session));
  const auto rows = look_at_folder(made.out)->rows;
  std::filesystem::remove(made.out / "session.json");
  std::ofstream(made.out / ".trainyard" / "shards.jsonl", std::ios::app) << "{\"shard\":7,";
  const auto folder = look_at_folder(made.out);
  ASSERT_TRUE(folder) << folder.error().cause;
  EXPECT_EQ(folder->rows, rows);
  EXPECT_THAT(testing::content_of(made.out / ".trainyard" / "shards.jsonl"), HasSubstr("{\"shard\":7,"));
}

TEST(vector_folder, refuses_what_is_no_output_folder_and_a_session_json_that_names_other_files) {
  const testing::temp_dir dir;
  EXPECT_EQ(look_at_folder(dir.path()).error().kind, failure_kind::input_missing);
  EXPECT_EQ(look_at_folder(dir.path() / "nowhere").error().kind, failure_kind::input_missing);
  const auto told = [&](const std::string& shards, int dim = 4) {
    dir.write("session.json",
              R"({"schema":1,"session_id":"s","state":"completed","model":"m","space_id":"x","dim":)" +
                  std::to_string(dim) + R"(,"dtype":"fp16","precision":"fp32","directory":"/d","shards":)" +
                  shards + "}");
    const auto folder = look_at_folder(dir.path());
    EXPECT_TRUE(folder || folder.error().kind == failure_kind::output_corrupt);
    return folder ? "nothing" : folder.error().cause;
  };
  EXPECT_EQ(told(R"([{"npy":"img_emb/img_emb_00003.npy","rows":2}])"), "nothing");
  EXPECT_THAT(told(R"([{"npy":"../img_emb_00003.npy","rows":2}])"), HasSubstr("no name of a shard"));
  EXPECT_THAT(told(R"([{"npy":"img_emb/img_emb_3.npy","rows":2}])"), HasSubstr("no name of a shard"));
  EXPECT_THAT(
      told(R"([{"npy":"img_emb/img_emb_00003.npy","rows":2},{"npy":"img_emb/img_emb_00003.npy","rows":2}])"),
      HasSubstr("out of order"));
  EXPECT_THAT(told(R"([{"npy":"img_emb/img_emb_00003.npy","rows":0}])"), HasSubstr("0 rows"));
  EXPECT_THAT(told(R"([{"npy":"img_emb/img_emb_00003.npy","rows":-1}])"), HasSubstr("rows"));
  EXPECT_THAT(told("[]", 0), HasSubstr("dim is 0"));
}

TEST(hit_details, tell_of_each_row_its_own_image_in_the_order_of_the_hits) {
  made_output made;
  ASSERT_TRUE(testing::write_session(made.out, made.spec, made.session));
  const auto folder = look_at_folder(made.out);
  ASSERT_TRUE(folder);
  std::vector<scored_row> rows;
  for (std::uint64_t row = folder->rows; row-- > 0;)
    rows.push_back({0, row});
  const auto hits = hits_of(*folder, rows);
  ASSERT_TRUE(hits) << hits.error().cause;
  std::size_t at = hits->size();
  for (const auto& [assets, done] : made.session)
    for (const auto& each : done.embedded) {
      const auto& hit = hits->at(--at);
      EXPECT_EQ(hit.about.image_path, printable_utf8(assets[each.position].path));
      EXPECT_EQ(raw_path_of(hit.about), assets[each.position].path); // also of names that are not UTF-8
    }
  std::filesystem::copy_file(folder->shards[1].parquet, folder->shards[0].parquet,
                             std::filesystem::copy_options::overwrite_existing);
  if (folder->shards[0].rows != folder->shards[1].rows) {
    EXPECT_THAT(hits_of(*folder, rows).error().cause, HasSubstr("metadata_00000.parquet"));
  }
}

} // namespace
} // namespace trainyard
