// Tables for people are golden.
#include "nodes/client/tables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nodes/client/columns.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

session_status running() {
  session_status is;
  is.session_id = "photos-2024";
  is.state = "running";
  is.total = 12'000;
  is.embedded = 1'190;
  is.failed = 8;
  is.skipped = 2;
  is.pending = 10'800;
  is.in_flight = 6;
  is.images_per_second = 123.4;
  is.eta_seconds = 90;
  is.submitted_at = "2026-11-24T00:00:00Z";
  is.devices = {"box/cuda:0", "mac/mps"};
  is.root = "photos";
  is.training_directory = "2024";
  is.model = "efficientnet-lite0";
  is.output = "/srv/photos-2024";
  is.coordinator = "box";
  return is;
}

TEST(columns, are_aligned_and_numbers_stand_right) {
  EXPECT_EQ(in_columns({{"NAME", "N", "WHY"}, {"a", "10", ""}, {"long name", "5", "x"}}),
            "NAME       N   WHY\n"
            "a          10  \n"
            "long name   5  x\n");
  EXPECT_EQ(in_columns({}), "");
}

TEST(columns, hold_nothing_that_drives_a_terminal) {
  const auto text = in_columns({{"a\033[2Jb\nc", "\xff"}});
  EXPECT_THAT(text, Not(HasSubstr("\033")));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(tables, a_status_tells_everything_once) {
  EXPECT_EQ(status_table(running()),
            "session       photos-2024\n"
            "state         running\n"
            "images        1,190 embedded, 8 failed, 2 skipped, 10,800 pending of 12,000 or more\n"
            "rate          123 img/s, ETA 1 min 30 s, 6 batches in flight\n"
            "folder        photos:2024\n"
            "model         efficientnet-lite0\n"
            "order         priority 1, weight 1.00\n"
            "output        /srv/photos-2024\n"
            "devices       box/cuda:0, mac/mps\n"
            "submitted     2026-11-24T00:00:00Z\n"
            "started       -\n"
            "finished      -\n"
            "coordinator   box\n");
}

TEST(tables, a_status_gives_the_reason_beside_the_state) {
  auto is = running();
  is.reason = "no worker for model m";
  EXPECT_THAT(status_table(is), HasSubstr("state         running: no worker for model m\n"));
}

TEST(tables, sessions_are_a_line_each) {
  auto done = running();
  done.session_id = "b";
  done.state = "completed";
  done.total_is_final = true;
  done.eta_seconds.reset();
  done.images_per_second = 0;
  session_list both;
  both.sessions = {running(), done};
  EXPECT_EQ(
      sessions_table(both),
      "SESSION      STATE      DONE           FAILED  IMG/S  ETA         MODEL               FOLDER       "
      "REASON\n"
      "photos-2024  running    1,200/12,000+       8    123  1 min 30 s  efficientnet-lite0  photos:2024  \n"
      "b            completed   1,200/12,000       8      0  -           efficientnet-lite0  photos:2024  "
      "\n");
  EXPECT_EQ(sessions_table({}), "There are no sessions.\n");
}

TEST(tables, devices_show_state_and_memory) {
  device_list list;
  list.devices.push_back({.node = "box",
                          .id = "cuda:0",
                          .kind = "cuda",
                          .name = "H100",
                          .state = "ready",
                          .model = "m",
                          .precision = "fp32",
                          .images = 1'000,
                          .batches = 10,
                          .images_per_second = 250,
                          .memory_bytes = 1ULL << 30U,
                          .memory_peak_bytes = 2ULL << 30U,
                          .memory_limit_bytes = 80ULL << 30U});
  EXPECT_EQ(devices_table(list),
            "NODE  DEVICE  STATE  MODEL  PRECISION  IMAGES  IMG/S  MEMORY               PEAK     NAME\n"
            "box   cuda:0  ready  m      fp32        1,000    250  1.0 GiB of 80.0 GiB  2.0 GiB  H100\n");
  EXPECT_THAT(devices_table({}), HasSubstr("There are no devices"));
}

TEST(tables, failures_name_image_and_reason) {
  failure_page page;
  page.failures.push_back({"a/b.jpg", "decode", "TY2102", "the file ends early", 2});
  EXPECT_EQ(failures_table(page), "CODE    STAGE   ATTEMPTS  ASSET    REASON\n"
                                  "TY2102  decode         2  a/b.jpg  the file ends early\n");
  EXPECT_EQ(failures_table({}), "No image of this session failed.\n");
  page = {};
  page.offset = 100;
  EXPECT_EQ(failures_table(page), "There are no more failures.\n");
}

} // namespace
} // namespace trainyard
