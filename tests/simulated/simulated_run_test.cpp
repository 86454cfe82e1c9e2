// Whole sessions on devices with little memory: they end with closed books, one way or the other.
#include <fstream>

#include <gmock/gmock.h>

#include "tests/integration/run/run_bench.hpp"

namespace trainyard::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class simulated_run : public run_bench {
protected:
  struct session {
    finished_process process;
    nlohmann::json report;
    [[nodiscard]] nlohmann::json memory(std::size_t device = 0) const {
      return report["devices"][device]["memory"];
    }
  };

  simulated_run() { program = TRAINYARD_SIMULATED; }

  /// `count` names for the sample photos, in turn: hard links, to make long sessions of few photos.
  [[nodiscard]] fs::path many_photos(std::size_t count) const {
    std::vector<fs::path> files;
    for (const auto& each : fs::recursive_directory_iterator(photos()))
      if (each.is_regular_file())
        files.push_back(each.path());
    std::ranges::sort(files);
    const auto folder = dir.path() / "many";
    fs::create_directories(folder);
    for (std::size_t i = 0; i < count; ++i) {
      const auto& file = files[i % files.size()];
      fs::create_hard_link(file, folder / (std::to_string(i) + file.extension().string()));
    }
    return folder;
  }

  [[nodiscard]] session run(const fs::path& images, std::vector<std::string> arguments,
                            std::vector<std::string> environment) const {
    arguments.insert(arguments.begin(), {"run", images.string(), "--out", out().string(), "--json",
                                         "--progress", "none", "--device", "simdev", "--models-dir",
                                         TRAINYARD_MODELS, "--decoder", TRAINYARD_DECODER});
    session is;
    is.process = trainyard(std::move(arguments), std::move(environment));
    is.report = nlohmann::json::parse(is.process.out, nullptr, false);
    return is;
  }

  static void expect_closed_books(const session& is) {
    const auto& report = is.report;
    ASSERT_TRUE(report.is_object()) << is.process.err;
    EXPECT_EQ(report["embedded"].get<int>() + report["failed"].get<int>() + report["skipped"].get<int>() +
                  report["pending"].get<int>(),
              report["total"].get<int>());
  }

  /// MiB for weights and six batches of one image each, which stay pinned until a collection.
  [[nodiscard]] std::string room_for_six_batches() const {
    const auto probe =
        run(many_photos(4), {"--batch-size", "1", "--gpu-batch-size", "1", "--no-gpu-memory-cleanup"},
            {"SIMULATED_DEVICE_RETAINS=1"});
    fs::remove_all(dir.path() / "many");
    fs::remove_all(out());
    const auto series = probe.memory()["series_bytes"].get<std::vector<std::uint64_t>>();
    EXPECT_EQ(series.size(), 4U) << probe.process.err;
    const auto left_by_one = series.at(2) - series.at(1);
    return std::to_string((series.at(0) - left_by_one + 6 * left_by_one) >> 20U);
  }
};

TEST_F(simulated_run, cleanup_off_dies_within_seven_batches_and_says_so_and_cleanup_on_does_a_thousand) {
  const auto cap = room_for_six_batches();
  const std::vector<std::string> pinning{"SIMULATED_DEVICE_RETAINS=1", "SIMULATED_DEVICE_CAP_MIB=" + cap,
                                         "SIMULATED_DEVICE_SHORTAGE=mps"};
  const auto images = many_photos(1000);
  const auto dead = run(
      images, {"--batch-size", "1", "--gpu-batch-size", "1", "--no-gpu-memory-cleanup", "--no-oom-recovery"},
      pinning);
  EXPECT_EQ(dead.process.status, 75);
  EXPECT_THAT(dead.process.err, HasSubstr("code=TY1503"));
  expect_closed_books(dead);
  EXPECT_EQ(dead.report["state"], "failed");
  EXPECT_GE(dead.report["embedded"].get<int>(), 4);
  EXPECT_LE(dead.report["embedded"].get<int>(), 6);
  EXPECT_EQ(dead.report["failed"], 0) << "the device was at fault, not an image";

  const auto alive = run(
      images, {"--batch-size", "1", "--gpu-batch-size", "1", "--gpu-memory-cleanup-interval", "2"}, pinning);
  EXPECT_EQ(alive.process.status, 0) << alive.process.err;
  expect_closed_books(alive);
  ASSERT_EQ(alive.report["embedded"], 1000) << "the dead session was taken up where it stopped";
  const auto memory = alive.memory();
  EXPECT_NEAR(memory["slope_bytes_per_batch"].get<double>(), 0, 1024);
  EXPECT_LE(memory["steady_bytes"].get<double>(), 0.3 * dead.memory()["peak_bytes"].get<double>());
  EXPECT_EQ(memory["oom_retries"], 0);
  EXPECT_GE(memory["collections"].get<int>(), 490);
}

TEST_F(simulated_run, injected_failures_on_two_devices_of_which_one_is_ten_times_smaller_lose_nothing) {
  const auto images = many_photos(500);
  // A pass makes some fifty allocations: a failure about every fifty batches of two images, on each device.
  const auto is = run(images, {"--batch-size", "2", "--gpu-batch-size", "2"},
                      {"SIMULATED_DEVICE_CAP_MIB=600,60", "SIMULATED_DEVICE_FAIL_EVERY=2600"});
  EXPECT_EQ(is.process.status, 0) << is.process.err;
  expect_closed_books(is);
  EXPECT_EQ(is.report["embedded"], 500);
  ASSERT_EQ(is.report["devices"].size(), 2U);
  for (std::size_t device = 0; device < 2; ++device)
    EXPECT_GT(is.report["devices"][device]["images"].get<int>(), 50);
  EXPECT_GE(is.memory(0)["oom_retries"].get<int>() + is.memory(1)["oom_retries"].get<int>(), 3);
  EXPECT_EQ(check_folder(images, out())["rows"], 500);
}

TEST_F(simulated_run, what_a_device_learned_of_its_room_is_known_at_the_next_start) {
  const std::vector<std::string> small{"SIMULATED_DEVICE_CAP_MIB=60"};
  const auto first = run(photos(), {"--gpu-batch-size", "16"}, small);
  EXPECT_EQ(first.process.status, 0) << first.process.err;
  EXPECT_GE(first.memory()["oom_splits"].get<int>(), 2);
  fs::remove_all(out());
  const auto second = run(photos(), {"--gpu-batch-size", "16"}, small);
  EXPECT_EQ(second.process.status, 0);
  EXPECT_LE(second.memory()["oom_splits"].get<int>(), 1) << "the one early probe";
  EXPECT_THAT(second.process.err, HasSubstr("Starting with micro-batches of"));
  EXPECT_LT(second.memory()["micro_batch"].get<int>(), 16);
}

TEST_F(simulated_run, a_device_that_gives_wrong_vectors_gets_no_work) {
  for (const auto* fault : {"wrong", "nan"}) {
    fs::remove_all(out());
    const auto is = run(photos(), {}, {std::string("SIMULATED_DEVICE_FAULT=") + fault});
    EXPECT_EQ(is.process.status, 78) << is.process.err;
    EXPECT_THAT(is.process.err, HasSubstr("code=TY1504"));
    expect_closed_books(is);
    EXPECT_EQ(is.report["embedded"], 0);
    EXPECT_EQ(is.report["failed"], 0);
  }
}

TEST_F(simulated_run, the_product_has_no_such_device) {
  program = TRAINYARD_PRODUCT;
  const auto refused = trainyard({"run", photos().string(), "--out", out().string(), "--device", "simdev"});
  EXPECT_EQ(refused.status, 78);
  EXPECT_THAT(refused.err, HasSubstr("code=TY1501"));
}

} // namespace
} // namespace trainyard::testing
