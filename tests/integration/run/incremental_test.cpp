// The real program, again on a finished folder: new, changed, touched, removed and failed images, against a
// fresh run.
#include <csignal>

#include <gmock/gmock.h>

#include "tests/integration/run/run_bench.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

struct incremental : testing::run_bench {
  fs::path mine = dir.path() / "mine"; ///< a copy of the photos that a test changes
  std::vector<fs::path> files;         ///< in it, by name

  void SetUp() override {
    fs::copy(photos(), mine, fs::copy_options::recursive);
    for (const auto& each : fs::recursive_directory_iterator(mine))
      if (each.is_regular_file())
        files.push_back(each.path());
    std::ranges::sort(files);
  }
  std::vector<std::string> with(std::vector<std::string> more) const {
    auto all = run_arguments(mine, out());
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  nlohmann::json run_again(std::vector<std::string> more = {}, int status = 0) const {
    const auto done = trainyard(with(std::move(more)));
    EXPECT_EQ(done.status, status) << done.err;
    return report_of(done);
  }
  /// The output against one that is made of the directory now.
  void expect_as_fresh(int images) const {
    const auto fresh = dir.path() / "fresh";
    fs::remove_all(fresh);
    const auto made = trainyard(run_arguments(mine, fresh));
    ASSERT_TRUE(made.status == 0 || made.status == 3) << made.err;
    testing::child_process comparing(
        dir.path(),
        {TRAINYARD_PYTHON, "tests/integration/run/compare_folders.py", out().string(), fresh.string()});
    const auto compared = comparing.wait(60s);
    ASSERT_TRUE(compared && compared->status == 0) << (compared ? compared->err : "too slow");
    EXPECT_EQ(std::stoi(compared->out), images);
  }
  static std::uint64_t embedded_now(const nlohmann::json& report) {
    std::uint64_t images = 0;
    for (const auto& device : report["devices"])
      images += device["images"].get<std::uint64_t>();
    return images;
  }
};

TEST_F(incremental, embeds_what_is_new_or_changed_and_ends_as_a_fresh_run) {
  ASSERT_EQ(run_again()["changes"], nullptr) << "the first run compares nothing";
  fs::copy_file(files[1], mine / "a new one.jpg");
  fs::copy_file(files[2], files[40], fs::copy_options::overwrite_existing);
  fs::last_write_time(files[10], fs::file_time_type::clock::now());
  fs::remove(files[60]);
  const auto report = run_again();
  EXPECT_EQ(report["changes"].dump(),
            R"({"changed":1,"new":1,"pruned":0,"retried":0,"touched":1,"unchanged":94,)"
            R"("vanished":1})");
  EXPECT_EQ(embedded_now(report), 2U);
  EXPECT_EQ(report["embedded"], 97);
  const auto bytes = visible_bytes(out());
  const auto quiet = run_again();
  EXPECT_EQ(quiet["changes"]["touched"], 0) << "its new time is known";
  EXPECT_EQ(embedded_now(quiet), 0U);
  EXPECT_EQ(visible_bytes(out()), bytes);
  EXPECT_EQ(run_again({"--prune"})["changes"]["pruned"], 1);
  expect_as_fresh(96);
}

TEST_F(incremental, says_in_a_sentence_what_changed_and_what_vanished) {
  run_again();
  fs::remove(files[3]);
  auto arguments = run_arguments(mine, out());
  std::erase(arguments, "--json");
  arguments.back() = "plain";
  const auto done = trainyard(arguments);
  EXPECT_EQ(done.status, 0);
  EXPECT_THAT(done.out, HasSubstr("changes    1 not in the folder any more, 95 unchanged"));
  EXPECT_THAT(done.err,
              HasSubstr("1 images of the output are not in the folder any more; --prune takes them out"));
}

TEST_F(incremental, retry_failed_embeds_what_was_mended_in_place) {
  const auto good = testing::content_of(files[5]);
  const auto time = fs::last_write_time(files[5]);
  const auto spoil = [&](const std::string& content) {
    dir.write(fs::relative(files[5], dir.path()), content);
    fs::last_write_time(files[5], time);
  };
  spoil(std::string(good.size(), 'x'));
  fs::copy_file(files[6], mine / "cut.jpg");
  fs::resize_file(mine / "cut.jpg", fs::file_size(files[6]) / 2);
  EXPECT_EQ(run_again({}, 3)["failed"], 2);
  spoil(good); // of the same size and time as before
  EXPECT_EQ(run_again({}, 3)["changes"]["unchanged"], 97);
  const auto report = run_again({"--retry-failed"}, 3);
  EXPECT_EQ(report["changes"]["retried"], 2);
  EXPECT_EQ(report["failed"], 1);
  EXPECT_EQ(report["embedded"], 96);
  expect_as_fresh(96);
}

TEST_F(incremental, killed_in_an_update_the_next_run_ends_as_a_fresh_one) {
  run_again();
  for (std::size_t i = 0; i < 60; ++i)
    fs::copy_file(files[(i + 7) % files.size()], files[i], fs::copy_options::overwrite_existing);
  for (int kills = 0; kills < 2; ++kills) {
    auto running = start(run_arguments(mine, out()));
    const auto before = ledger_bytes(out());
    ASSERT_TRUE(testing::eventually(
        60s, [&] { return ledger_bytes(out()) > before + 12'000 || !running.running(); }));
    running.signal(SIGKILL);
    ASSERT_TRUE(running.wait(20s));
  }
  run_again();
  expect_as_fresh(96);
}

} // namespace
} // namespace trainyard
