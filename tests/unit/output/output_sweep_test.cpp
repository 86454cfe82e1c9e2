// Superseded rows leave by new shards; what stays keeps its bytes, and names keep theirs.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "actors/coordinator/output/failures_file.hpp"
#include "actors/coordinator/output/folder_layout.hpp"
#include "actors/coordinator/output/metadata_table.hpp"
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

/// Shards of batches 0 and 1, 4 to 6, 7 and 8, with 7, 6 and 3 rows; batches 2 and 3 are failures only.
struct output_sweep : ::testing::Test {
  testing::temp_dir dir;
  std::vector<testing::made_batch> session = made_session(made_spec());

  void SetUp() override { ASSERT_TRUE(write_session(dir.path(), made_spec(), session)); }
  output_folder open() const { return output_folder::open(dir.path(), made_spec()).value(); }
  asset_key key(std::size_t batch, std::size_t position) const {
    return asset_key_of(session[batch].assets[position].path);
  }
  std::vector<metadata_row> rows(std::uint64_t shard) const {
    return read_metadata(dir.path() / folder_layout::parquet_name(shard)).value();
  }
  std::string row_bytes(std::uint64_t shard, std::size_t row) const {
    return contents_of(dir.path()).at(folder_layout::npy_name(shard)).substr(128 + row * 12, 12);
  }
};

TEST_F(output_sweep, shards_tell_the_batches_that_they_hold) {
  EXPECT_EQ(open().shards(), (std::vector<shard_range>{{0, 0, 2}, {1, 4, 7}, {2, 7, 9}}));
}

TEST_F(output_sweep, a_shard_without_some_rows_takes_the_next_number_and_the_old_one_s_batches) {
  const auto before = rows(0);
  const auto kept = row_bytes(0, 3);
  auto folder = open();
  EXPECT_EQ(folder.sweep_shard(1, 0, asset_keys({key(0, 1), key(1, 3), key(5, 1)})).value(), true);
  EXPECT_EQ(folder.shards(), (std::vector<shard_range>{{1, 4, 7}, {2, 7, 9}, {3, 0, 2}}));
  EXPECT_EQ(folder.swept().rows_gone, 2U);
  EXPECT_EQ(folder.committed().embedded, 14U);
  EXPECT_FALSE(fs::exists(dir.path() / folder_layout::npy_name(0)));
  EXPECT_FALSE(fs::exists(dir.path() / folder_layout::parquet_name(0)));
  EXPECT_FALSE(fs::exists(dir.path() / "session.json"));
  const auto after = rows(3);
  ASSERT_EQ(after.size(), 5U);
  EXPECT_EQ(after[0].asset_id, before[0].asset_id);
  EXPECT_EQ(after[2].asset_id, before[3].asset_id);
  EXPECT_EQ(after[2].mtime_ns, before[3].mtime_ns);
  EXPECT_EQ(row_bytes(3, 2), kept);
  ASSERT_TRUE(folder.end_sweep(1, {}, 0));
  EXPECT_EQ(folder.swept().ended, 1U);
  ASSERT_TRUE(folder.finish({"completed", 36, 2}));
  const auto json = nlohmann::json::parse(contents_of(dir.path()).at("session.json"));
  EXPECT_EQ(json["shards"][2]["npy"], "img_emb/img_emb_00003.npy");
  EXPECT_EQ(json["shards"][2]["npy_sha256"],
            to_hex(sha256_of(contents_of(dir.path()).at(folder_layout::npy_name(3)))));
}

TEST_F(output_sweep, survives_a_new_opening_and_batches_go_on_behind_it) {
  {
    auto folder = open();
    ASSERT_TRUE(folder.sweep_shard(1, 0, asset_keys({key(0, 1)})));
  }
  {
    auto folder = open();
    EXPECT_EQ(folder.swept().rows_gone, 1U);
    ASSERT_TRUE(folder.end_sweep(1, {}, 0));
    const auto more = testing::make_batch(made_spec(), 9);
    ASSERT_TRUE(folder.emit(9, more.assets, more.done));
    ASSERT_TRUE(folder.finish({"completed", 41, 2}));
  }
  EXPECT_EQ(open().shards(), (std::vector<shard_range>{{1, 4, 7}, {2, 7, 9}, {3, 0, 2}, {4, 9, 10}}));
  EXPECT_TRUE(open().is_finished());
  EXPECT_EQ(open().swept(), (sweep_progress{1, 0}));
}

TEST_F(output_sweep, a_shard_that_holds_none_of_them_stays_and_one_that_holds_only_them_goes) {
  const auto before = contents_of(dir.path());
  auto folder = open();
  EXPECT_EQ(folder.sweep_shard(1, 1, asset_keys({key(0, 1)})).value(), false);
  EXPECT_EQ(contents_of(dir.path()), before);
  EXPECT_EQ(folder.sweep_shard(1, 2, asset_keys({key(7, 0), key(7, 1), key(7, 3)})).value(), true);
  EXPECT_EQ(folder.shards().size(), 2U);
  EXPECT_FALSE(fs::exists(dir.path() / folder_layout::npy_name(2)));
  EXPECT_FALSE(fs::exists(dir.path() / folder_layout::npy_name(3)));
}

TEST_F(output_sweep, failures_leave_the_old_part_of_the_file_only) {
  auto folder = open();
  const auto old_bytes = folder.failures_bytes_before(9);
  EXPECT_EQ(old_bytes, contents_of(dir.path()).at("failures.jsonl").size());
  EXPECT_LT(folder.failures_bytes_before(2), old_bytes);
  const auto again = testing::make_batch(made_spec(), 9, {0, 1, 2, 3});
  auto retried = again.assets;
  retried[0] = session[1].assets[1]; // failed in batch 1, and fails again
  ASSERT_TRUE(folder.emit(9, retried, again.done));
  ASSERT_TRUE(folder.end_sweep(1, asset_keys({key(1, 1), key(2, 0)}), old_bytes));
  EXPECT_EQ(folder.committed().failed, 22U);
  const auto failed =
      failed_assets_in(dir.path() / "failures.jsonl", folder.failures_bytes_before(10)).value();
  EXPECT_EQ(failed.size(), 22U);
  EXPECT_TRUE(failed.contains(key(1, 1)));
  EXPECT_FALSE(failed.contains(key(2, 0)));
  ASSERT_TRUE(folder.finish({"completed", 40, 2}));
  EXPECT_TRUE(output_folder::open(dir.path() / "elsewhere", made_spec()));
}

TEST_F(output_sweep, a_damaged_shard_is_told_and_not_swept) {
  for (const std::string& name : {folder_layout::parquet_name(0), folder_layout::npy_name(0)}) {
    auto text = contents_of(dir.path()).at(name);
    const auto good = text;
    auto folder = open();
    dir.write(name, text.substr(0, text.size() / 3));
    const auto swept = folder.sweep_shard(1, 0, asset_keys({key(0, 1)}));
    ASSERT_FALSE(swept) << name;
    EXPECT_EQ(swept.error().kind, failure_kind::output_corrupt);
    EXPECT_NE(swept.error().cause.find(name.substr(0, 7)), std::string::npos);
    dir.write(name, good);
  }
}

TEST(asset_key, is_the_asset_id_in_bytes) {
  const auto key = asset_key_of("a\xff/b.jpg");
  EXPECT_EQ(to_hex(key), asset_id_of("a\xff/b.jpg"));
  EXPECT_EQ(asset_key_in(asset_id_of("a\xff/b.jpg")), key);
  EXPECT_FALSE(asset_key_in("short"));
  EXPECT_FALSE(asset_key_in(std::string(32, 'G')));
}

TEST(metadata_table, is_the_same_after_a_file) {
  testing::temp_dir dir;
  std::vector<metadata_row> wanted(3);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    wanted[i].image_path = "path \xC3\xA9 " + std::to_string(i);
    wanted[i].asset_id = asset_id_of(wanted[i].image_path);
    wanted[i].width = static_cast<std::int32_t>(i);
    wanted[i].height = 70;
    wanted[i].bytes = 1LL << 40;
    wanted[i].mtime_ns = -1'700'000'000'123'456'789;
    wanted[i].sha256 = sha256_of(wanted[i].image_path);
    wanted[i].device = "cuda:0";
    wanted[i].precision = "bf16";
  }
  const auto bytes = metadata_parquet(wanted).value();
  const auto read = read_metadata(dir.write("table", bytes));
  ASSERT_TRUE(read) << read.error().cause;
  EXPECT_EQ(metadata_parquet(*read).value(), bytes);
  EXPECT_EQ(read_metadata(dir.write("cut", bytes.substr(0, bytes.size() / 2))).error().kind,
            failure_kind::output_corrupt);
  EXPECT_EQ(read_metadata(dir.path() / "missing").error().kind, failure_kind::output_corrupt);
}

} // namespace
} // namespace trainyard
