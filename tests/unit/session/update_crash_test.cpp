// An update is stopped before every single step on the disk; the next run ends in the bytes of one that was
// not.
#include <gtest/gtest.h>

#include "tests/support/crash_recorder.hpp"
#include "tests/unit/coordinator/files.hpp"
#include "tests/unit/session/update_world.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;

/// A finished folder, and a directory that has changed in every way since.
struct update_crash : ::testing::Test, testing::update_world {
  fs::path finished = dir.path() / "finished";

  static std::string name(int i) { return "img" + std::to_string(100 + i) + ".jpg"; }
  void SetUp() override {
    for (int i = 0; i < 24; ++i)
      write(name(i), i % 8 == 5 ? "bad " + std::to_string(i) : "photo " + std::to_string(i));
    ASSERT_TRUE(run());
    write("more.jpg", "more");
    write(name(2), "changed before");
    ASSERT_TRUE(run()); // a second generation already
    fs::rename(out, finished);
    write("a_new_one.jpg", "new");
    write(name(3), "photo number 3");
    write(name(20), "bad by now");
    write(name(13), "good by now");
    write("more.jpg", "still more");
    touch(name(4));
    for (int i = 8; i < 13; ++i)
      remove(name(i));
    prune = true;
    retry_failed = true;
  }
  std::map<std::string, std::string> undisturbed() {
    out = dir.path() / "undisturbed";
    fs::copy(finished, out, fs::copy_options::recursive);
    const auto report = run();
    EXPECT_TRUE(report) << report.error().cause;
    EXPECT_EQ(seen(), fresh());
    return visible_bytes();
  }
  std::vector<fs::path> crash_at_every_step(testing::crash_recorder& seen_steps) {
    out = seen_steps.out;
    fs::copy(finished, out, fs::copy_options::recursive);
    seen_steps.look();
    const auto report = run();
    seen_steps.look_away();
    EXPECT_TRUE(report) << report.error().cause;
    return seen_steps.taken;
  }
  void expect_recovers(const fs::path& copy, const std::map<std::string, std::string>& wanted) {
    out = copy;
    const auto report = run();
    ASSERT_TRUE(report) << copy << report.error().cause;
    ASSERT_EQ(visible_bytes(), wanted) << copy;
    const auto again = run();
    ASSERT_TRUE(again && *again);
    ASSERT_EQ((*again)->added + (*again)->changed + (*again)->pruned + (*again)->touched, 0U) << copy;
  }
};

TEST_F(update_crash, a_kill_before_any_step_costs_nothing) {
  const auto wanted = undisturbed();
  testing::crash_recorder steps;
  const auto crashed = crash_at_every_step(steps);
  EXPECT_GT(crashed.size(), 60U);
  for (const auto& copy : crashed)
    expect_recovers(copy, wanted);
}

TEST_F(update_crash, a_power_cut_before_any_step_costs_nothing) {
  const auto wanted = undisturbed();
  testing::crash_recorder steps(true);
  for (const auto& copy : crash_at_every_step(steps))
    expect_recovers(copy, wanted);
}

TEST_F(update_crash, a_kill_while_it_recovers_from_a_kill_costs_nothing) {
  const auto wanted = undisturbed();
  testing::crash_recorder first;
  const auto crashed = crash_at_every_step(first);
  for (std::size_t i = 7; i < crashed.size(); i += 23) {
    testing::crash_recorder second;
    fs::rename(finished, dir.path() / "put aside");
    fs::copy(crashed[i], finished, fs::copy_options::recursive);
    const auto twice = crash_at_every_step(second);
    fs::remove_all(finished);
    fs::rename(dir.path() / "put aside", finished);
    for (std::size_t j = 0; j < twice.size(); j += 5)
      expect_recovers(twice[j], wanted);
  }
}

TEST_F(update_crash, at_every_step_npy_and_parquet_agree_and_session_json_tells_of_what_stands) {
  testing::crash_recorder steps;
  for (const auto& copy : crash_at_every_step(steps)) {
    if (!fs::exists(copy / "session.json"))
      continue;
    const auto session = testing::content_of(copy / "session.json");
    out = copy;
    {
      auto opened = output_folder::open(copy, spec_of(config()));
      ASSERT_TRUE(opened) << opened.error().cause;
    }
    ASSERT_TRUE(!fs::exists(copy / "session.json") || testing::content_of(copy / "session.json") == session);
    (void)seen(); // checks it
  }
}

} // namespace
} // namespace trainyard
