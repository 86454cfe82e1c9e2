// A second run embeds what is new or changed and nothing else, and ends in what a run into a new folder would
// hold.
#include <gtest/gtest.h>

#include "tests/support/as_nobody.hpp"
#include "tests/unit/coordinator/files.hpp"
#include "tests/unit/session/update_world.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;

struct session_update : ::testing::Test, testing::update_world {
  void SetUp() override {
    for (int i = 0; i < 30; ++i)
      write(name(i), i % 10 == 7 ? "bad " + std::to_string(i) : "photo " + std::to_string(i));
    ASSERT_TRUE(run());
    ASSERT_EQ(seen().rows.size(), 27U);
  }
  static std::string name(int i) {
    return "dir" + std::to_string(i / 10) + "/img" + std::to_string(i) + ".jpg";
  }
  changes_report update() {
    auto report = run();
    EXPECT_TRUE(report) << report.error().cause;
    return report ? report->value() : changes_report{};
  }
  std::map<std::string, fs::file_time_type> shard_times() const {
    std::map<std::string, fs::file_time_type> times;
    for (const auto& each : fs::recursive_directory_iterator(out))
      if (each.is_regular_file() && each.path().string().find(".trainyard") == std::string::npos)
        times[each.path().string()] = each.last_write_time();
    return times;
  }
};

TEST_F(session_update, without_changes_nothing_is_embedded_and_no_file_is_written) {
  const auto before = shard_times();
  const auto bytes = visible_bytes();
  EXPECT_EQ(update(), (changes_report{.unchanged = 30}));
  EXPECT_EQ(batches, 0U);
  EXPECT_EQ(shard_times(), before);
  EXPECT_EQ(visible_bytes(), bytes);
  for (const auto& each : fs::directory_iterator(out / ".trainyard"))
    EXPECT_EQ(each.path().filename().string().find("live"), std::string::npos);
}

TEST_F(session_update, new_files_are_appended_and_old_shards_stand_as_they_were) {
  const auto before = shard_times();
  write("dir0/aaa.jpg", "new 1");
  write("zzz.jpg", "new 2");
  EXPECT_EQ(update(), (changes_report{.added = 2, .unchanged = 30}));
  EXPECT_EQ(batches, 1U);
  EXPECT_EQ(seen(), fresh());
  for (const auto& [file, time] : shard_times())
    if (before.contains(file) && file.find("session.json") == std::string::npos) {
      EXPECT_EQ(time, before.at(file)) << file;
    }
}

TEST_F(session_update, changed_files_are_embedded_again_and_their_old_rows_leave) {
  write(name(0), "other, longer");
  write(name(1), "phoco 1"); // the same size
  write(name(7), "now it is good");
  write(name(8), "bad by now");
  EXPECT_EQ(update(), (changes_report{.changed = 4, .unchanged = 26}));
  EXPECT_EQ(batches, 1U);
  EXPECT_EQ(seen(), fresh());
}

TEST_F(session_update, a_touched_file_is_hashed_once_and_not_embedded) {
  touch(name(3));
  touch(name(22));
  const auto bytes = visible_bytes();
  EXPECT_EQ(update(), (changes_report{.unchanged = 30, .touched = 2}));
  EXPECT_EQ(batches, 0U);
  EXPECT_EQ(update(), (changes_report{.unchanged = 30})) << "the time is known now";
  EXPECT_EQ(visible_bytes(), bytes);
}

TEST_F(session_update, vanished_files_stay_until_they_are_pruned) {
  remove(name(4));
  remove(name(17)); // a failure
  const auto bytes = visible_bytes();
  EXPECT_EQ(update(), (changes_report{.vanished = 2, .unchanged = 28}));
  EXPECT_EQ(visible_bytes(), bytes);
  prune = true;
  EXPECT_EQ(update(), (changes_report{.pruned = 2, .unchanged = 28}));
  EXPECT_EQ(batches, 0U);
  EXPECT_EQ(seen(), fresh());
  EXPECT_EQ(update(), (changes_report{.unchanged = 28}));
}

TEST_F(session_update, a_link_whose_target_is_away_for_a_moment_keeps_its_row) {
  const auto target = dir.write("elsewhere/x.jpg", "behind a link");
  fs::create_symlink(target, photos() / "link.jpg");
  EXPECT_EQ(update().added, 1U);
  const auto before = seen();
  fs::rename(dir.path() / "elsewhere", dir.path() / "away");
  prune = true;
  EXPECT_EQ(update(), (changes_report{.unchanged = 31}));
  EXPECT_EQ(batches, 0U);
  EXPECT_EQ(seen(), before);
}

TEST_F(session_update, a_touched_file_that_cannot_be_read_just_now_keeps_its_row_and_is_looked_at_again) {
  touch(name(3));
  fs::permissions(dir.path(), fs::perms::all);
  for (const auto& each : fs::recursive_directory_iterator(dir.path()))
    fs::permissions(each.path(), fs::perms::all);
  fs::permissions(photos() / name(3), fs::perms::none);
  {
    const testing::as_nobody low;
    EXPECT_EQ(update(), (changes_report{.unchanged = 30}));
    EXPECT_EQ(batches, 0U);
  }
  fs::permissions(photos() / name(3), fs::perms::all);
  EXPECT_EQ(update(), (changes_report{.unchanged = 30, .touched = 1}));
}

TEST_F(session_update, a_shard_of_which_nothing_is_left_goes) {
  for (int i = 0; i < 12; ++i)
    remove(name(i));
  prune = true;
  EXPECT_EQ(update().pruned, 12U);
  EXPECT_FALSE(fs::exists(out / "img_emb/img_emb_00000.npy"));
  EXPECT_FALSE(fs::exists(out / "metadata/metadata_00000.parquet"));
  EXPECT_EQ(seen(), fresh());
}

TEST_F(session_update, a_directory_without_an_image_prunes_nothing) {
  fs::remove_all(photos());
  fs::create_directory(photos());
  const auto bytes = visible_bytes();
  prune = true;
  const auto refused = run();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, failure_kind::input_empty);
  EXPECT_EQ(visible_bytes(), bytes);
}

TEST_F(session_update, failed_images_are_retried_when_asked_for) {
  EXPECT_EQ(update().retried, 0U);
  retry_failed = true;
  EXPECT_EQ(update(), (changes_report{.retried = 3, .unchanged = 27}));
  EXPECT_EQ(batches, 1U);
  EXPECT_EQ(seen(), fresh()) << "they failed again, and stand there once";
  retry_failed = false;
  EXPECT_EQ(update(), (changes_report{.unchanged = 30}));
}

TEST_F(session_update, an_image_that_failed_and_was_mended_in_place_gets_its_row_by_retry) {
  const auto time = fs::last_write_time(photos() / name(7));
  write(name(7), "gut 7");
  fs::last_write_time(photos() / name(7), time); // not to be told by size and time
  EXPECT_EQ(update(), (changes_report{.unchanged = 30}));
  retry_failed = true;
  EXPECT_EQ(update().retried, 3U);
  EXPECT_EQ(seen(), fresh());
}

TEST_F(session_update, many_updates_one_after_another_end_in_what_a_fresh_run_holds) {
  prune = true;
  for (int round = 0; round < 12; ++round) {
    for (int i = round; i < 30; i += 5)
      write(name((i * 7 + round) % 30),
            (i % 11 == 3 ? "bad " : "photo ") + std::to_string(1000 + round * 31 + i));
    write("more/" + std::to_string(round) + ".jpg", "more " + std::to_string(round));
    if (round % 3 == 2) {
      remove("more/" + std::to_string(round - 1) + ".jpg");
      remove(name(round));
    }
    touch(name(round + 1));
    retry_failed = round % 4 == 1;
    update();
    ASSERT_EQ(seen(), fresh()) << round;
    ASSERT_EQ(update().any(), retry_failed && !seen().failures.empty()) << round;
    ASSERT_EQ(seen(), fresh()) << round;
  }
}

TEST_F(session_update, what_was_cut_short_goes_on_and_what_changed_meanwhile_follows) {
  for (int i = 0; i < 30; i += 2)
    write(name(i), "second " + std::to_string(i));
  ASSERT_TRUE(run(2));
  EXPECT_EQ(batches, 2U) << "of 4";
  write(name(1), "third");
  write("late.jpg", "late");
  const auto report = update();
  EXPECT_EQ(report.added, 1U);
  EXPECT_EQ(report.changed, 1U);
  EXPECT_EQ(seen(), fresh());
}

TEST_F(session_update, a_retry_that_was_cut_short_is_not_begun_again) {
  retry_failed = true;
  ASSERT_TRUE(run(0));
  const auto report = update();
  EXPECT_EQ(batches, 1U) << "once more only";
  EXPECT_EQ(report, (changes_report{.retried = 3, .unchanged = 27}));
}

TEST_F(session_update, a_listing_that_was_damaged_is_told) {
  write("late.jpg", "late");
  update();
  auto text = testing::content_of(out / ".trainyard" / "live-1");
  text[3] = static_cast<char>(text[3] ^ 1);
  testing::replace_content(out / ".trainyard" / "live-1", text);
  const auto refused = run();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, failure_kind::output_corrupt);
}

} // namespace
} // namespace trainyard
