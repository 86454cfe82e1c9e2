// The report's JSON has the contract's fields; its table is golden.
#include "nodes/terminal/report.hpp"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

session_report sample() {
  session_report is;
  is.session_id = "s1";
  is.state = "completed";
  is.total = 1200;
  is.embedded = 1195;
  is.failed = 2;
  is.skipped = 3;
  is.seconds = 75.2;
  is.images_per_second = 15.9;
  is.model = "efficientnet-lite0";
  is.space_id = "0123456789abcdef";
  is.dim = 1280;
  is.dtype = "fp16";
  is.output = "/out";
  is.stages = {1, 20.5, 60, 0.1, 0.2};
  device_report device{
      .id = "cpu", .kind = "cpu", .name = "Xeon", .images = 1197, .batches = 19, .images_per_second = 16};
  device.memory = {.limit_bytes = 24ULL << 30U,
                   .peak_bytes = 600ULL << 20U,
                   .after_first_batch_bytes = 500ULL << 20U,
                   .steady_bytes = 512ULL << 20U,
                   .slope_bytes_per_batch = -2048,
                   .collections = 24,
                   .collection_reasons = {.interval = 20, .soft_mark = 3, .hard_mark = 1},
                   .collection_seconds = 1.5,
                   .oom_retries = 0,
                   .oom_splits = 0,
                   .series_bytes = {500ULL << 20U, 600ULL << 20U, 512ULL << 20U}};
  is.devices.push_back(device);
  return is;
}

TEST(report, json_is_one_line_with_the_fields_of_the_contract) {
  const auto text = report_json(sample());
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const auto is = nlohmann::json::parse(text);
  for (const auto* each :
       {"schema", "session_id", "state", "reason", "total", "embedded", "failed", "skipped", "seconds",
        "images_per_second", "model", "space_id", "dim", "dtype", "output", "devices", "stages"})
    EXPECT_TRUE(is.contains(each)) << each;
  EXPECT_EQ(is["embedded"].get<int>() + is["failed"].get<int>() + is["skipped"].get<int>(),
            is["total"].get<int>());
  for (const auto* each : {"id", "kind", "name", "images", "batches", "images_per_second", "memory"})
    EXPECT_TRUE(is["devices"][0].contains(each)) << each;
  for (const auto* each : {"limit_bytes", "peak_bytes", "after_first_batch_bytes", "steady_bytes",
                           "slope_bytes_per_batch", "collections", "collection_reasons", "collection_seconds",
                           "oom_retries", "oom_splits", "micro_batch", "series_bytes", "series_step_batches"})
    EXPECT_TRUE(is["devices"][0]["memory"].contains(each)) << each;
  EXPECT_TRUE(is["devices"][0]["memory"]["collections"].is_number()) << "the contract's field";
  EXPECT_TRUE(is["devices"][0]["memory"]["collection_reasons"]["hard_mark"].is_number());
  for (const auto* each : {"read", "decode", "forward", "publish", "write"})
    EXPECT_TRUE(is["stages"][each].is_number()) << each;
}

TEST(report, json_holds_numbers_only_also_where_there_are_none) {
  auto report = sample();
  report.images_per_second = std::numeric_limits<double>::infinity();
  report.seconds = std::nan("");
  report.devices[0].memory.slope_bytes_per_batch = std::nan("");
  report.stages.write = -std::numeric_limits<double>::infinity();
  report.output = "/out\xFF\n";
  const auto is = nlohmann::json::parse(report_json(report));
  EXPECT_EQ(is["images_per_second"], 0);
  EXPECT_EQ(is["seconds"], 0);
  EXPECT_EQ(is["devices"][0]["memory"]["slope_bytes_per_batch"], 0);
  EXPECT_EQ(is["stages"]["write"], 0);
  EXPECT_EQ(is["output"], "/out\\xff\n");
}

TEST(report, table_is_aligned_and_in_peoples_units) {
  EXPECT_EQ(
      report_table(sample(), {.utf8 = true}),
      "state      completed  session s1\n"
      "images     1,195 embedded, 2 failed, 3 skipped of 1,200\n"
      "time       1 min 15 s, 15.9 img/s\n"
      "model      efficientnet-lite0, 1280 x fp16, space 0123456789abcdef\n"
      "device     cpu (Xeon)\n"
      "           1,197 images in 19 batches, 16.0 img/s, 24 collections in 1.5 s, 4 of them early\n"
      "  memory   first batch 500.0 MiB, steady 512.0 MiB, peak 600.0 MiB of 24.0 GiB, slope -2.0 KiB/batch\n"
      "           ▁█▂  500.0 MiB to 600.0 MiB\n"
      "stages     read 1.0 s, decode 21 s, forward 1 min 00 s, publish 0.1 s, write 0.2 s (summed over "
      "threads)\n"
      "output     /out\n");
}

TEST(report, table_tells_what_went_wrong) {
  auto report = sample();
  report.state = "interrupted";
  report.reason = "signal 2\033[2J";
  report.pending = 5;
  report.devices[0].memory.oom_retries = 2;
  report.devices[0].memory.series_bytes.clear();
  const auto text = report_table(report, {});
  EXPECT_THAT(text, HasSubstr("interrupted (signal 2\\x1b[2J)"));
  EXPECT_THAT(text, HasSubstr("5 pending of"));
  EXPECT_THAT(text, HasSubstr("out of memory: 2 retries, 0 splits"));
  EXPECT_EQ(text.find('\033'), std::string::npos);
}

TEST(report, table_shows_no_slope_of_a_handful_of_batches) {
  auto report = sample();
  report.devices[0].batches = 4;
  EXPECT_THAT(report_table(report, {}), Not(HasSubstr("slope")));
}

TEST(report, table_is_coloured_only_where_colour_is_allowed) {
  const terminal_facts facts{.is_terminal = true, .term = "xterm"};
  EXPECT_THAT(report_table(sample(), facts), HasSubstr("\033["));
  EXPECT_THAT(report_table(sample(), {}), Not(HasSubstr("\033[")));
}

TEST(report, of_nothing_is_still_a_report) {
  EXPECT_EQ(nlohmann::json::parse(report_json({}))["total"], 0);
  EXPECT_THAT(report_table({}, {}), HasSubstr("0 embedded"));
}

TEST(sparkline, shows_the_highest_of_what_shares_a_column) {
  EXPECT_EQ(sparkline({}, 10, true), "");
  EXPECT_EQ(sparkline({5}, 10, true), "");
  EXPECT_EQ(sparkline({1, 2}, 0, true), "");
  EXPECT_EQ(sparkline({7, 7, 7}, 10, true), "▁▁▁");
  EXPECT_EQ(sparkline({0, 1, 2, 3, 4, 5, 6, 7}, 8, true), "▁▂▃▄▅▆▇█");
  EXPECT_EQ(sparkline({0, 1, 2, 3, 4, 5, 6, 7}, 8, false), "12345678");
  EXPECT_EQ(sparkline({0, 9, 0, 0, 0, 0}, 3, false), "811");
  const auto most = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(sparkline({0, most}, 2, false), "18");
  EXPECT_EQ(sparkline(std::vector<std::uint64_t>(100'000, 3), 40, false), std::string(40, '1'));
}

} // namespace
} // namespace trainyard
