// Golden lines of each mode, and when they are due.
#include "nodes/terminal/progress_view.hpp"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "nodes/terminal/safe_text.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

session_progress halfway() {
  session_progress is;
  is.session_id = "s1";
  is.state = "running";
  is.total = 2000;
  is.total_is_final = true;
  is.embedded = 997;
  is.failed = 3;
  is.pending = 1000;
  is.images_per_second = 88.04;
  is.eta_seconds = 11.4;
  return is;
}

moment at(std::chrono::milliseconds since) {
  return {std::chrono::steady_clock::time_point(1h + since),
          std::chrono::system_clock::time_point(1'700'000'000s + since)};
}

std::string drawn(const session_progress& progress, std::size_t columns, bool utf8 = false) {
  return progress_view(progress_mode::tty, {.utf8 = utf8}).update(progress, at(0ms), columns);
}

TEST(progress_view, draws_a_bar_on_a_terminal) {
  EXPECT_EQ(drawn(halfway(), 80),
            "\r\033[K[##############...............] 50% 1,000/2,000  3 failed  88.0 img/s  ETA 11 s");
  EXPECT_EQ(drawn(halfway(), 70, true),
            "\r\033[K[█████████░░░░░░░░░░] 50% 1,000/2,000  3 failed  88.0 img/s  ETA 11 s");
}

TEST(progress_view, never_fills_the_last_column_however_narrow) {
  auto progress = halfway();
  progress.reason = "no worker for model 写真";
  for (std::size_t columns = 0; columns < 200; ++columns) {
    const auto line = drawn(progress, columns, true).substr(4);
    EXPECT_LT(columns_of_text(line), std::max<std::size_t>(columns, 2)) << columns << line;
    EXPECT_EQ(line.find('\n'), std::string::npos);
  }
  EXPECT_EQ(drawn(halfway(), 20), "\r\033[K50% 1,000/2,000");
}

TEST(progress_view, shows_no_share_while_the_folder_is_still_listed) {
  auto progress = halfway();
  progress.total_is_final = false;
  progress.eta_seconds.reset();
  EXPECT_EQ(drawn(progress, 80), "\r\033[K1,000/2,000+  3 failed  88.0 img/s");
}

TEST(progress_view, rounds_down_so_that_all_means_all) {
  auto progress = halfway();
  progress.embedded = 1996;
  EXPECT_THAT(drawn(progress, 80), HasSubstr(" 99% 1,999/2,000"));
  progress.embedded = 5000;
  EXPECT_THAT(drawn(progress, 80), HasSubstr(" 100% "));
  progress = {};
  progress.state = "running";
  progress.total_is_final = true;
  EXPECT_THAT(drawn(progress, 80), HasSubstr(" 0% 0/0"));
}

TEST(progress_view, redraws_ten_times_a_second_and_at_a_change_of_state) {
  progress_view view(progress_mode::tty, {});
  auto progress = halfway();
  EXPECT_NE(view.update(progress, at(0ms)), "");
  EXPECT_EQ(view.update(progress, at(99ms)), "");
  EXPECT_NE(view.update(progress, at(100ms)), "");
  progress.state = "draining";
  EXPECT_THAT(view.update(progress, at(101ms), 120), HasSubstr("draining"));
}

TEST(progress_view, makes_room_for_a_log_line_and_draws_again) {
  progress_view view(progress_mode::tty, {});
  EXPECT_EQ(view.hide(), "");
  (void)view.update(halfway(), at(0ms));
  EXPECT_EQ(view.hide(), "\r\033[K");
  EXPECT_EQ(view.hide(), "");
  EXPECT_NE(view.update(halfway(), at(1ms)), "");
}

TEST(progress_view, ends_the_line_when_finished) {
  progress_view view(progress_mode::tty, {});
  auto progress = halfway();
  progress.state = "completed";
  const auto text = view.finish(progress, at(0ms), 100);
  EXPECT_TRUE(text.ends_with("\n")) << text;
  EXPECT_THAT(text, HasSubstr("completed"));
  EXPECT_EQ(view.hide(), "");
}

TEST(progress_view, plain_gives_a_line_every_ten_seconds_or_five_percent) {
  progress_view view(progress_mode::plain, {});
  auto progress = halfway();
  EXPECT_EQ(view.update(progress, at(0ms)), "progress 1,000/2,000 (50%), 3 failed, 88.0 img/s, ETA 11 s\n");
  progress.embedded += 99;
  EXPECT_EQ(view.update(progress, at(9999ms)), "");
  progress.embedded += 1;
  EXPECT_THAT(view.update(progress, at(9999ms)), StartsWith("progress 1,100/2,000 (55%)"));
  EXPECT_EQ(view.update(progress, at(19'998ms)), "");
  EXPECT_NE(view.update(progress, at(19'999ms)), "");
  EXPECT_EQ(view.hide(), "");
}

TEST(progress_view, plain_holds_no_escapes_whatever_the_reason_says) {
  auto progress = halfway();
  progress.reason = "a\033[2J\nb";
  const auto line = progress_view(progress_mode::plain, {}).update(progress, at(0ms));
  EXPECT_EQ(line.find('\033'), std::string::npos);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(progress_view, json_is_an_object_a_second) {
  progress_view view(progress_mode::json, {});
  const auto line = view.update(halfway(), at(250ms));
  EXPECT_EQ(
      line,
      "{\"t\":\"2023-11-14T22:13:20.250Z\",\"session\":\"s1\",\"state\":\"running\",\"reason\":\"\","
      "\"done\":1000,\"embedded\":997,\"failed\":3,\"skipped\":0,\"total\":2000,\"total_is_final\":true,"
      "\"rate\":88.04,\"eta_s\":11.4}\n");
  EXPECT_EQ(view.update(halfway(), at(1249ms)), "");
  EXPECT_NE(view.update(halfway(), at(1250ms)), "");
}

TEST(progress_view, json_stays_json_with_hostile_numbers_and_names) {
  auto progress = halfway();
  progress.session_id = "\xFF\"\n";
  progress.images_per_second = std::nan("");
  progress.eta_seconds = std::numeric_limits<double>::infinity();
  const auto line = progress_view(progress_mode::json, {}).update(progress, at(0ms));
  const auto parsed = nlohmann::json::parse(line, nullptr, false);
  ASSERT_FALSE(parsed.is_discarded()) << line;
  EXPECT_TRUE(parsed["rate"].is_null());
  EXPECT_TRUE(parsed["eta_s"].is_null());
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(progress_view, none_says_nothing) {
  progress_view view(progress_mode::none, {});
  EXPECT_EQ(view.update(halfway(), at(0ms)), "");
  EXPECT_EQ(view.finish(halfway(), at(0ms)), "");
}

} // namespace
} // namespace trainyard
