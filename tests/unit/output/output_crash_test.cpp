// The writer is stopped before every single step on the disk; what is left must lead to the same bytes.
#include <cstdlib>

#include <gtest/gtest.h>

#include "actors/coordinator/output/folder_layout.hpp"
#include "actors/disk/durable_file.hpp"
#include "tests/support/crash_recorder.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/output/made_batches.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using testing::contents_of;
using testing::made_session;
using testing::made_spec;
using testing::write_session;

using testing::crash_recorder;

std::vector<fs::path> crash_at_every_step(crash_recorder& seen, const fs::path& start_from = {}) {
  if (!start_from.empty())
    fs::copy(start_from, seen.out, fs::copy_options::recursive);
  seen.look();
  const auto written = write_session(seen.out, made_spec(), made_session(made_spec()));
  seen.look_away();
  EXPECT_TRUE(written) << written.error().cause;
  return seen.taken;
}

std::map<std::string, std::string> undisturbed() {
  testing::temp_dir dir;
  EXPECT_TRUE(write_session(dir.path() / "out", made_spec(), made_session(made_spec())));
  return contents_of(dir.path() / "out");
}

void expect_all_recover(const std::vector<fs::path>& crashed) {
  const auto wanted = undisturbed();
  for (const auto& copy : crashed) {
    const auto written = write_session(copy, made_spec(), made_session(made_spec()));
    ASSERT_TRUE(written) << copy << written.error().cause;
    ASSERT_EQ(contents_of(copy), wanted) << copy;
  }
}

TEST(output_crash, a_crash_before_any_step_loses_and_doubles_nothing) {
  crash_recorder seen;
  const auto crashed = crash_at_every_step(seen);
  EXPECT_GT(crashed.size(), 60U);
  expect_all_recover(crashed);
}

TEST(output_crash, a_power_cut_before_any_step_loses_and_doubles_nothing) {
  crash_recorder seen(true);
  expect_all_recover(crash_at_every_step(seen));
}

TEST(output_crash, a_crash_while_it_recovers_from_a_crash_is_survived_too) {
  crash_recorder first;
  const auto crashed = crash_at_every_step(first);
  for (std::size_t i = 5; i < crashed.size(); i += 31) {
    crash_recorder second;
    expect_all_recover(crash_at_every_step(second, crashed[i]));
  }
}

TEST(output_crash, a_committed_shard_is_never_touched_again) {
  crash_recorder seen;
  for (const auto& copy : crash_at_every_step(seen)) {
    auto folder = output_folder::open(copy, made_spec());
    ASSERT_TRUE(folder);
    if (folder->next_batch() == 0)
      continue;
    const auto npy = copy / folder_layout::npy_name(0);
    fs::last_write_time(npy, fs::file_time_type(std::chrono::hours(1)));
    const auto before = fs::last_write_time(npy);
    *folder = output_folder::open(seen.dir.path() / "elsewhere", made_spec()).value();
    ASSERT_TRUE(write_session(copy, made_spec(), made_session(made_spec())));
    ASSERT_EQ(fs::last_write_time(npy), before);
  }
}

TEST(output_crash, names_are_synced_before_the_log_and_session_json_comes_last) {
  crash_recorder seen;
  crash_at_every_step(seen);
  std::map<fs::path, bool> renamed_not_synced;
  for (const auto& [step, file] : seen.steps) {
    if (step == disk_step::rename)
      renamed_not_synced[file.parent_path()] = true;
    if (step == disk_step::sync_directory)
      renamed_not_synced[file] = false;
    if (step == disk_step::write && file.filename() == "shards.jsonl") {
      EXPECT_FALSE(renamed_not_synced[seen.out / "img_emb"]);
      EXPECT_FALSE(renamed_not_synced[seen.out / "metadata"]);
    }
  }
  ASSERT_GT(seen.steps.size(), 2U);
  EXPECT_EQ(seen.steps[seen.steps.size() - 2].second, seen.out / "session.json");
  EXPECT_EQ(seen.steps.back(), (std::pair{disk_step::sync_directory, seen.out}));
}

TEST(output_crash, files_that_are_not_ours_stay) {
  testing::temp_dir dir;
  ASSERT_TRUE(output_folder::open(dir.path(), made_spec()));
  const std::vector<std::string> foreign{"img_emb/img_emb_7.npy", "img_emb/notes.txt",
                                         "metadata/img_emb_00000.npy.tmp",
                                         "img_emb/img_emb_99999999999999999999.npy", "notes.tmp"};
  const std::vector<std::string> stray{"img_emb/img_emb_00000.npy",  "img_emb/img_emb_00003.npy.tmp",
                                       "img_emb/img_emb_123456.npy", "metadata/metadata_00009.parquet",
                                       "session.json.tmp",           ".trainyard/spec.json.tmp"};
  for (const auto* names : {&foreign, &stray})
    for (const auto& name : *names)
      dir.write(name, "x");
  ASSERT_TRUE(output_folder::open(dir.path(), made_spec()));
  for (const auto& name : foreign)
    EXPECT_TRUE(fs::exists(dir.path() / name)) << name;
  for (const auto& name : stray)
    EXPECT_FALSE(fs::exists(dir.path() / name)) << name;
}

TEST(output_crash, damage_to_committed_files_is_output_corrupt_and_names_them) {
  for (const std::string name :
       {"img_emb/img_emb_00001.npy", "metadata/metadata_00000.parquet", "failures.jsonl"})
    for (const bool gone : {true, false}) {
      testing::temp_dir dir;
      ASSERT_TRUE(write_session(dir.path(), made_spec(), made_session(made_spec())));
      if (gone)
        fs::remove(dir.path() / name);
      else
        fs::resize_file(dir.path() / name, fs::file_size(dir.path() / name) - 1);
      const auto opened = output_folder::open(dir.path(), made_spec());
      ASSERT_FALSE(opened) << name;
      EXPECT_EQ(opened.error().kind, failure_kind::output_corrupt);
      EXPECT_NE(opened.error().cause.find(name), std::string::npos) << opened.error().cause;
    }
}

} // namespace
} // namespace trainyard
