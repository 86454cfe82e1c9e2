// What stands in the folder, who may open it, and what emit refuses.
#include "actors/coordinator/output/output_folder.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "actors/disk/durable_file.hpp"
#include "actors/disk/sha256.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/output/made_batches.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using testing::contents_of;
using testing::made_session;
using testing::made_spec;
using testing::make_batch;
using testing::summary_of;
using testing::write_session;

result<void> emit(output_folder& folder, const testing::made_batch& made) {
  return folder.emit(made.done.batch, made.assets, made.done);
}

TEST(output_folder, closes_a_shard_at_the_first_batch_boundary_with_enough_rows) {
  testing::temp_dir dir;
  ASSERT_TRUE(write_session(dir.path() / "out", made_spec(5), made_session(made_spec(5))));
  const auto session = nlohmann::json::parse(contents_of(dir.path() / "out").at("session.json"));
  std::vector<int> rows;
  for (const auto& shard : session.at("shards"))
    rows.push_back(shard.at("rows"));
  EXPECT_EQ(rows, (std::vector{7, 6, 3})); // 4+3 | 2+4 | 3: batches of failures only make no shard
  EXPECT_EQ(session.at("counts").dump(), R"({"embedded":16,"failed":20,"skipped":2,"total":38})");
  EXPECT_EQ(session.at("directory"), "/photos/\\xff");
}

TEST(output_folder, session_json_tells_the_hashes_of_the_files_it_names) {
  testing::temp_dir dir;
  ASSERT_TRUE(write_session(dir.path(), made_spec(), made_session(made_spec())));
  const auto contents = contents_of(dir.path());
  const auto session = nlohmann::json::parse(contents.at("session.json"));
  ASSERT_EQ(session.at("shards").size(), 3U);
  for (const auto& shard : session.at("shards"))
    for (const std::string kind : {"npy", "parquet"})
      EXPECT_EQ(to_hex(sha256_of(contents.at(shard.at(kind)))), shard.at(kind + "_sha256"));
}

TEST(output_folder, failures_stand_in_listing_order_as_json_lines) {
  testing::temp_dir dir;
  ASSERT_TRUE(write_session(dir.path(), made_spec(), made_session(made_spec())));
  const auto text = contents_of(dir.path()).at("failures.jsonl");
  EXPECT_EQ(std::ranges::count(text, '\n'), 20);
  const auto first = nlohmann::json::parse(text.substr(0, text.find('\n')));
  EXPECT_EQ(first.at("asset"), "dir 1/\xC3\xA9-1-\\xfe\\x80.jpg");
  EXPECT_EQ(first.at("asset_id"), asset_id_of("dir 1/\xC3\xA9-1-\xFE\x80.jpg"));
  EXPECT_EQ(first.at("stage"), "decode");
  EXPECT_EQ(first.at("code"), "TY2102");
  EXPECT_EQ(first.at("reason"), "cut \\xff short \"\n");
  EXPECT_EQ(first.at("attempts"), 1);
}

TEST(output_folder, two_runs_give_the_same_bytes) {
  testing::temp_dir one, two;
  ASSERT_TRUE(write_session(one.path(), made_spec(), made_session(made_spec())));
  ASSERT_TRUE(write_session(two.path(), made_spec(), made_session(made_spec())));
  EXPECT_EQ(contents_of(one.path()), contents_of(two.path()));
}

TEST(output_folder, a_finished_folder_says_so_and_finishing_it_again_changes_nothing) {
  testing::temp_dir dir;
  const auto session = made_session(made_spec());
  ASSERT_TRUE(write_session(dir.path(), made_spec(), session));
  const auto before = contents_of(dir.path());
  auto folder = output_folder::open(dir.path(), made_spec());
  ASSERT_TRUE(folder);
  EXPECT_EQ(folder->finished(), summary_of(session));
  EXPECT_EQ(folder->next_batch(), session.size());
  EXPECT_EQ(folder->counts(), (output_counts{16, 20}));
  EXPECT_TRUE(folder->finish(summary_of(session)));
  EXPECT_EQ(contents_of(dir.path()), before);
}

TEST(output_folder, a_batch_more_takes_session_json_away_until_it_is_finished_again) {
  testing::temp_dir dir;
  auto session = made_session(made_spec());
  ASSERT_TRUE(write_session(dir.path(), made_spec(), session));
  session.push_back(make_batch(made_spec(), session.size()));
  {
    auto folder = output_folder::open(dir.path(), made_spec());
    ASSERT_TRUE(folder && emit(*folder, session.back()));
    EXPECT_FALSE(folder->is_finished());
    EXPECT_FALSE(fs::exists(dir.path() / "session.json"));
  }
  ASSERT_TRUE(write_session(dir.path(), made_spec(), session));
  EXPECT_EQ(output_folder::open(dir.path(), made_spec())->counts().embedded, 20U);
}

TEST(output_folder, a_session_json_that_tells_of_something_else_is_written_anew) {
  testing::temp_dir dir;
  const auto session = made_session(made_spec());
  ASSERT_TRUE(write_session(dir.path(), made_spec(), session));
  const auto good = contents_of(dir.path()).at("session.json");
  for (const std::string& text : {std::string("{}"), std::string(), good + " ", good.substr(0, 100)}) {
    dir.write("session.json", text);
    EXPECT_FALSE(output_folder::open(dir.path(), made_spec())->is_finished());
    ASSERT_TRUE(write_session(dir.path(), made_spec(), session));
    EXPECT_EQ(contents_of(dir.path()).at("session.json"), good);
  }
}

TEST(output_folder, a_session_in_which_all_failed_has_no_shard) {
  testing::temp_dir dir;
  std::vector<testing::made_batch> session;
  for (std::uint64_t batch = 0; batch < 4; ++batch)
    session.push_back(make_batch(made_spec(), batch, {0, 1, 2, 3}));
  ASSERT_TRUE(write_session(dir.path(), made_spec(), session));
  EXPECT_TRUE(fs::is_empty(dir.path() / "img_emb"));
  EXPECT_TRUE(fs::is_empty(dir.path() / "metadata"));
  auto folder = output_folder::open(dir.path(), made_spec());
  EXPECT_EQ(folder->counts(), (output_counts{0, 16}));
  EXPECT_TRUE(folder->is_finished());
}

TEST(output_folder, a_session_without_batches_finishes_too) {
  testing::temp_dir dir;
  auto folder = output_folder::open(dir.path(), made_spec());
  ASSERT_TRUE(folder && folder->finish({"completed", 0, 0}));
  EXPECT_TRUE(folder->is_finished());
}

TEST(output_folder, a_long_stretch_of_failures_is_committed_by_itself) {
  testing::temp_dir dir;
  auto folder = output_folder::open(dir.path(), made_spec(8));
  ASSERT_TRUE(folder);
  ASSERT_TRUE(emit(*folder, make_batch(made_spec(8), 0, {0, 1, 2, 3})));
  EXPECT_EQ(folder->next_batch(), 0U);
  EXPECT_EQ(folder->next_emit(), 1U);
  ASSERT_TRUE(emit(*folder, make_batch(made_spec(8), 1, {0, 1, 2, 3})));
  EXPECT_EQ(folder->next_batch(), 2U);
  EXPECT_EQ(folder->committed(), (output_counts{0, 8}));
}

TEST(output_folder, a_second_opening_is_output_busy_until_the_first_ends) {
  testing::temp_dir dir;
  {
    const auto first = output_folder::open(dir.path(), made_spec());
    ASSERT_TRUE(first);
    const auto second = output_folder::open(dir.path(), made_spec());
    ASSERT_FALSE(second);
    EXPECT_EQ(exit_status_of(second.error().kind), 75);
    EXPECT_NE(second.error().cause.find(dir.path().string()), std::string::npos);
    EXPECT_FALSE(second.error().remedy.empty());
  }
  EXPECT_TRUE(output_folder::open(dir.path(), made_spec()));
}

TEST(output_folder, another_session_is_output_mismatch_and_changes_nothing) {
  testing::temp_dir dir;
  ASSERT_TRUE(write_session(dir.path(), made_spec(), made_session(made_spec())));
  const auto before = contents_of(dir.path());
  auto other = made_spec();
  other.space_id = "other";
  EXPECT_EQ(output_folder::open(dir.path(), other).error().kind, failure_kind::output_mismatch);
  EXPECT_EQ(contents_of(dir.path()), before);
}

TEST(output_folder, a_foreign_folder_is_refused_and_stays_as_it_was) {
  testing::temp_dir dir;
  dir.write("photo.jpg", "x");
  const auto opened = output_folder::open(dir.path(), made_spec());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, failure_kind::output_mismatch);
  EXPECT_NE(opened.error().cause.find("photo.jpg"), std::string::npos);
  EXPECT_FALSE(fs::exists(dir.path() / ".trainyard"));
}

TEST(output_folder, an_empty_folder_or_one_with_private_state_only_is_taken) {
  testing::temp_dir dir;
  dir.write("a/.trainyard/manifest", "x");
  dir.write("b/.DS_Store", "x");
  for (const char* name : {"a", "b", "new/deep/folder/"})
    EXPECT_TRUE(output_folder::open(dir.path() / name, made_spec())) << name;
}

TEST(output_folder, a_path_that_cannot_be_a_folder_is_output_unwritable) {
  testing::temp_dir dir;
  const auto file = dir.write("file", "x");
  fs::create_symlink(dir.path() / "nowhere", dir.path() / "dangling");
  for (const auto& out : {file, file / "below", dir.path() / "dangling", fs::path("/proc/trainyard")}) {
    const auto opened = output_folder::open(out, made_spec());
    ASSERT_FALSE(opened) << out;
    EXPECT_EQ(opened.error().kind, failure_kind::output_unwritable) << out;
  }
  EXPECT_EQ(output_folder::open("", made_spec()).error().kind, failure_kind::usage);
}

TEST(output_folder, refused_results_and_batches_leave_nothing_behind) {
  testing::temp_dir dir;
  const auto session = made_session(made_spec());
  {
    auto folder = output_folder::open(dir.path(), made_spec());
    ASSERT_TRUE(folder);
    for (const auto& made : session) {
      const auto before = contents_of(dir.path());
      auto spoiled = made;
      spoiled.done.vectors.bytes.push_back({});
      EXPECT_EQ(emit(*folder, spoiled).error().kind, failure_kind::message_invalid);
      const auto number = made.done.batch;
      EXPECT_EQ(folder->emit(number + 1, made.assets, made.done).error().kind, failure_kind::internal);
      spoiled = made;
      ++spoiled.done.batch;
      EXPECT_EQ(folder->emit(number, spoiled.assets, spoiled.done).error().kind, failure_kind::internal);
      EXPECT_EQ(folder->finish({"completed", 1, 0}).error().kind, failure_kind::internal);
      EXPECT_EQ(contents_of(dir.path()), before);
      ASSERT_TRUE(emit(*folder, made));
    }
    ASSERT_TRUE(folder->finish(summary_of(session)));
  }
  testing::temp_dir undisturbed;
  ASSERT_TRUE(write_session(undisturbed.path(), made_spec(), session));
  EXPECT_EQ(contents_of(dir.path()), contents_of(undisturbed.path()));
}

} // namespace
} // namespace trainyard
