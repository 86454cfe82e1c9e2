// The main job, its outputs, its errors and its exit statuses.
#include <gmock/gmock.h>

#include <sys/stat.h>

#include "tests/integration/run/run_bench.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

class run : public testing::run_bench {};

TEST_F(run, embeds_every_photo_into_a_folder_that_numpy_and_pyarrow_read) {
  const auto done = trainyard(run_arguments(photos(), out()));
  EXPECT_EQ(done.status, 0) << done.err;
  const auto report = report_of(done);
  EXPECT_EQ(report["state"], "completed");
  EXPECT_EQ(report["total"], 96);
  EXPECT_EQ(report["embedded"], 96);
  EXPECT_EQ(report["dim"], 1280);
  EXPECT_GT(report["devices"][0]["memory"]["peak_bytes"], 0);
  const auto checked = check_folder(photos(), out());
  EXPECT_EQ(checked["rows"], 96);
  EXPECT_EQ(checked["dtype"], "float16");
  EXPECT_THAT(done.err, HasSubstr("Periodic garbage collection after 50 images processed"));
  EXPECT_TRUE(testing::eventually(5s, [this] { return nothing_left_behind(); }));
}

TEST_F(run, again_it_finds_everything_done_and_changes_no_byte) {
  ASSERT_EQ(trainyard(run_arguments(photos(), out())).status, 0);
  const auto before = visible_bytes(out());
  const auto again = trainyard(run_arguments(photos(), out()));
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(report_of(again)["embedded"], 96);
  EXPECT_EQ(visible_bytes(out()), before);
}

TEST_F(run, the_service_s_old_settings_keep_their_meaning) {
  const auto done =
      trainyard(run_arguments(photos(), out()), {"GPU_BATCH_SIZE=16", "GPU_MEMORY_CLEANUP_INTERVAL=10"});
  EXPECT_EQ(done.status, 0);
  EXPECT_THAT(done.err, HasSubstr("Using GPU batch size from config: 16"));
  EXPECT_THAT(done.err, HasSubstr("Periodic garbage collection after 10 images processed"));
}

TEST_F(run, bad_files_fail_by_name_and_cost_nothing_else) {
  const auto mixed = dir.path() / "mixed";
  fs::copy(photos(), mixed, fs::copy_options::recursive);
  const auto photo = testing::content_of(a_jpeg());
  dir.write("mixed/empty.jpg", "");
  dir.write("mixed/cut.jpg", photo.substr(0, photo.size() / 2));
  dir.write("mixed/text.jpg", "not an image at all, although its name says so\n");
  dir.write("mixed/really_a_jpeg.png", photo);
  dir.write("mixed/no_extension", photo);
  dir.write("mixed/notes.txt", "just notes");
  dir.write("secret.jpg", photo);
  fs::create_symlink("../secret.jpg", mixed / "link_out.jpg");
  ASSERT_EQ(::mkfifo((mixed / "pipe.jpg").c_str(), 0600), 0);
  const auto done = trainyard(run_arguments(mixed, out()));
  EXPECT_EQ(done.status, 3) << done.err;
  const auto report = report_of(done);
  EXPECT_EQ(report["embedded"], 98);
  EXPECT_EQ(report["failed"], 5);
  EXPECT_EQ(report["total"], 103);
  const auto failed = check_folder(mixed, out())["failed"];
  EXPECT_EQ(failed["empty.jpg"][1], "TY2006");
  EXPECT_EQ(failed["cut.jpg"][1], "TY2102");
  EXPECT_EQ(failed["text.jpg"][1], "TY2101");
  EXPECT_EQ(failed["link_out.jpg"][1], "TY2003");
  EXPECT_EQ(failed["pipe.jpg"][1], "TY2004");
}

TEST_F(run, mistakes_end_with_their_cause_a_remedy_and_the_contracted_status) {
  struct mistake {
    std::vector<std::string> arguments;
    int status;
    std::string cause;
  };
  dir.write("empty/readme.txt", "no image");
  dir.write("foreign/precious.txt", "mine");
  const auto in = photos().string();
  const std::vector<mistake> mistakes{
      {{"run", "/nowhere"}, 66, "/nowhere"},
      {{"run", (dir.path() / "empty").string(), "--out", out().string()}, 66, "holds no image"},
      {{"run", in, "--frobnicate"}, 2, "frobnicate"},
      {{"run", in, "--gpu-batch-size", "0"}, 2, "0"},
      {{"run"}, 2, ""},
      {{"run", in, "--out", (dir.path() / "foreign").string()}, 78, "foreign"},
      {{"run", in, "--out", "/proc/nowhere"}, 73, "/proc/nowhere"},
      {{"run", in, "--out", out().string(), "--model", "no-such-model"}, 78, "no-such-model"},
      {{"run", in, "--out", out().string(), "--device", "cuda:7"}, 78, "cuda:7"},
      {{"run", in, "--out", out().string(), "--nats-server", "/nowhere/nats-server"}, 69, "nats-server"},
  };
  for (const auto& each : mistakes) {
    const auto done = trainyard(each.arguments);
    EXPECT_EQ(done.status, each.status) << each.cause << done.err;
    EXPECT_THAT(done.err, HasSubstr(each.cause));
    EXPECT_THAT(done.err, HasSubstr("code=TY"));
    EXPECT_EQ(done.out, "");
  }
}

TEST_F(run, a_folder_in_use_is_refused_while_the_first_run_goes_on) {
  auto first = start(run_arguments(photos(), out()));
  ASSERT_TRUE(testing::eventually(60s, [this] { return ledger_bytes(out()) > 10'000; }));
  const auto second = trainyard(run_arguments(photos(), out()));
  EXPECT_EQ(second.status, 75) << second.err;
  const auto finished = first.wait(120s);
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->status, 0) << finished->err;
}

TEST_F(run, another_setting_on_the_same_folder_is_refused_by_name) {
  ASSERT_EQ(trainyard(run_arguments(photos(), out())).status, 0);
  auto other = run_arguments(photos(), out());
  other.insert(other.end(), {"--dtype", "fp32"});
  const auto refused = trainyard(other);
  EXPECT_EQ(refused.status, 78);
  EXPECT_THAT(refused.err, HasSubstr("dtype"));
}

} // namespace
} // namespace trainyard
