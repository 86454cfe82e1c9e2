// A decoder that misbehaves in every way costs the image that made it so, and nothing else.
#include "actors/device/isolation/isolated_reader.hpp"

#include <csignal>
#include <thread>

#include <gmock/gmock.h>

#include "tests/support/eventually.hpp"
#include "tests/unit/isolation/decoder_bench.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class isolated_reader_test : public testing::decoder_bench {
protected:
  /// The order fails as it must, and the next image is embedded as if nothing had been.
  void expect_cost_of_one(const std::string& order, failure_kind kind, const std::string& cause) {
    SCOPED_TRACE(order);
    const auto reader = make_reader();
    ASSERT_TRUE(read(*reader, "good"));
    const auto bad = read(*reader, order);
    ASSERT_FALSE(bad);
    EXPECT_EQ(code_of(bad.error().kind), code_of(kind)) << bad.error().cause;
    EXPECT_THAT(bad.error().cause, HasSubstr(cause));
    const auto next = read(*reader, "good");
    EXPECT_TRUE(next) << next.error().cause;
  }
  [[nodiscard]] bool is_confined(confinement what) {
    const auto reader = make_reader();
    EXPECT_TRUE(reader->start());
    return (reader->confined() & static_cast<std::uint32_t>(what)) != 0;
  }
};

TEST_F(isolated_reader_test, gives_pixels_sides_and_facts_of_the_file) {
  const auto reader = make_reader();
  const auto image = read(*reader, "good");
  ASSERT_TRUE(image) << image.error().cause;
  EXPECT_EQ(image->pixels, byte_buffer(std::size_t{224} * 224 * 3, 7));
  EXPECT_EQ(image->path, "good");
  EXPECT_EQ(image->width, 1U);
  EXPECT_EQ(image->height, 10U);
  EXPECT_EQ(image->bytes, 4U);
  EXPECT_NE(image->mtime_ns, 0);
}

TEST_F(isolated_reader_test, keeps_one_decoder_for_many_images) {
  const auto reader = make_reader();
  for (std::uint32_t i = 1; i <= 50; ++i)
    EXPECT_EQ(read(*reader, "good")->width, i);
}

TEST_F(isolated_reader_test, a_crash_costs_one_image_and_names_the_signal) {
  expect_cost_of_one("crash", failure_kind::decoder_crashed,
                     "the decoder ended by signal 11 (SIGSEGV) on this image");
  expect_cost_of_one("abort", failure_kind::decoder_crashed, "signal 6 (SIGABRT)");
  expect_cost_of_one("exit", failure_kind::decoder_crashed, "exit status 3");
}

TEST_F(isolated_reader_test, a_hang_costs_one_image_and_the_time_limit) {
  settings.time_limit = 200ms;
  expect_cost_of_one("spin", failure_kind::decoder_too_slow, "took longer than 200 ms");
  expect_cost_of_one("half", failure_kind::decoder_too_slow, "took longer than 200 ms");
}

TEST_F(isolated_reader_test, eating_memory_costs_one_image_and_names_the_limit) {
  if (!is_confined(confinement::memory_limit))
    GTEST_SKIP() << "no memory limit on this system or under a sanitizer";
  settings.memory_limit_bytes = 128ULL << 20U;
  expect_cost_of_one("eat", failure_kind::decoder_out_of_memory, "needed more than 128 MiB");
}

TEST_F(isolated_reader_test, what_a_decoder_has_no_business_to_do_ends_it) {
  if (!is_confined(confinement::system_call_filter))
    GTEST_SKIP() << "no system call filter on this system or under a sanitizer";
  for (const char* order : {"socket", "fork", "exec", "kill_parent", "new_code"})
    expect_cost_of_one(order, failure_kind::decoder_crashed, "(SIGSYS");
}

TEST_F(isolated_reader_test, no_file_can_be_opened_or_made) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "not confined under a sanitizer";
#endif
  for (const char* order : {"open", "create"})
    expect_cost_of_one(order, failure_kind::image_corrupt, "refused: ");
  EXPECT_FALSE(std::filesystem::exists("/tmp/trainyard-planted"));
}

TEST_F(isolated_reader_test, the_files_bytes_cannot_be_changed) {
  expect_cost_of_one("write_file_block", failure_kind::decoder_crashed, "signal");
}

TEST_F(isolated_reader_test, answers_that_are_none_cost_one_image) {
  for (const char* order : {"other_number", "wide", "other_kind"})
    expect_cost_of_one(order, failure_kind::decoder_crashed, "an answer that is none");
  expect_cost_of_one("escape", failure_kind::image_corrupt, "?[31mred?line ?");
  expect_cost_of_one("endless_text", failure_kind::image_corrupt, std::string(300, 'y'));
}

TEST_F(isolated_reader_test, a_decoder_that_tries_to_hang_up_and_live_on_does_not) {
  expect_cost_of_one("hang_up", failure_kind::decoder_crashed, "signal ");
}

TEST_F(isolated_reader_test, an_answer_given_in_advance_is_never_taken_for_the_next_image) {
  const auto reader = make_reader();
  ASSERT_TRUE(read(*reader, "forge"));
  const auto crashes = read(*reader, "crash");
  ASSERT_FALSE(crashes) << "the forged answer was taken";
  EXPECT_EQ(crashes.error().kind, failure_kind::decoder_crashed);
}

TEST_F(isolated_reader_test, an_image_does_not_pay_for_what_an_earlier_one_did_to_the_decoder) {
  const auto reader = make_reader();
  ASSERT_TRUE(read(*reader, "poison"));
  const auto innocent = read(*reader, "good");
  ASSERT_TRUE(innocent) << innocent.error().cause;
  EXPECT_EQ(innocent->width, 1U) << "it was not decoded by a fresh decoder";
}

TEST_F(isolated_reader_test, a_decoder_killed_between_two_images_costs_nothing) {
  const auto reader = make_reader();
  ASSERT_TRUE(reader->start());
  const auto first = reader->decoder_pid();
  ASSERT_EQ(::kill(first, SIGKILL), 0);
  EXPECT_TRUE(read(*reader, "good"));
  EXPECT_NE(reader->decoder_pid(), first);
}

TEST_F(isolated_reader_test, a_decoder_killed_by_the_system_under_an_image_costs_nothing) {
  const auto reader = make_reader();
  ASSERT_TRUE(reader->start());
  const auto first = reader->decoder_pid();
  std::jthread killer([first] {
    // Into the nap of 300 ms; earlier or later, the result is the same.
    EXPECT_FALSE(testing::eventually(100ms, [] { return false; }));
    ::kill(first, SIGKILL);
  });
  EXPECT_TRUE(read(*reader, "nap"));
  EXPECT_NE(reader->decoder_pid(), first);
}

TEST_F(isolated_reader_test, an_image_whose_decoders_the_system_kills_again_and_again_has_found_no_memory) {
  settings.pauses_after_kills = {1ms, 2ms, 3ms};
  expect_cost_of_one("killed", failure_kind::image_out_of_memory, "has killed 4 decoders");
  const auto reader = make_reader();
  EXPECT_TRUE(read(*reader, "killed_twice"));
}

TEST_F(isolated_reader_test, a_machine_that_is_slow_for_once_costs_no_image) {
  settings.time_limit = 200ms;
  const auto reader = make_reader();
  const auto image = read(*reader, "slow_once");
  EXPECT_TRUE(image) << image.error().cause;
}

TEST_F(isolated_reader_test, the_signals_that_end_its_parent_leave_a_decoder_alone) {
  const auto reader = make_reader();
  ASSERT_TRUE(reader->start());
  const auto pid = reader->decoder_pid();
  EXPECT_EQ(::getpgid(pid), pid) << "Ctrl-C at a terminal would reach it";
  for (const int each : {SIGINT, SIGTERM, SIGHUP})
    ASSERT_EQ(::kill(pid, each), 0);
  EXPECT_TRUE(read(*reader, "good"));
  EXPECT_EQ(reader->decoder_pid(), pid);
}

TEST_F(isolated_reader_test, two_thousand_lost_decoders_leave_no_process_and_no_descriptor) {
  const auto before = open_descriptors();
  {
    const auto reader = make_reader();
    ASSERT_TRUE(read(*reader, "good"));
    const auto with_one = open_descriptors();
    for (int i = 0; i < 2'000; ++i)
      ASSERT_EQ(read(*reader, "crash").error().kind, failure_kind::decoder_crashed);
    EXPECT_TRUE(read(*reader, "good"));
    EXPECT_EQ(open_descriptors(), with_one);
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_FALSE(has_children());
}

TEST_F(isolated_reader_test, failures_of_reading_are_those_of_read_image) {
  const auto reader = make_reader();
  stage_seconds seconds;
  EXPECT_EQ(reader->read(root, "nowhere", seconds).error().kind, failure_kind::asset_missing);
  folder.write("empty", "");
  EXPECT_EQ(reader->read(root, "empty", seconds).error().kind, failure_kind::asset_empty);
  EXPECT_EQ(reader->decoder_pid(), -1) << "a decoder was started for nothing";
}

} // namespace
} // namespace trainyard
