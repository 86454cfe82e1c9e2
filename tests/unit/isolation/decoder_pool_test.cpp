// Many readers at once; a pool whose decoders do not start says so before any image, or waits.
#include "actors/device/isolation/decoder_pool.hpp"

#include <csignal>
#include <thread>

#include <gmock/gmock.h>

#include "tests/support/eventually.hpp"
#include "tests/unit/isolation/decoder_bench.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::eventually;
using ::testing::HasSubstr;

class decoder_pool_test : public testing::decoder_bench {
protected:
  [[nodiscard]] result<prepared_image> read_with(decoder_pool& pool, const std::string& order) {
    folder.write(order, order);
    stage_seconds seconds;
    return pool.read(root, order, seconds);
  }
};

TEST_F(decoder_pool_test, serves_more_threads_than_it_has_readers_and_no_image_of_one_fails_another) {
  const auto pool = decoder_pool::start(settings, 3, spec, {});
  ASSERT_TRUE(pool) << pool.error().cause;
  for (const char* order : {"good", "crash", "poison"})
    folder.write(order, order);
  std::atomic<int> wrong = 0;
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 6; ++thread)
    threads.emplace_back([&] {
      stage_seconds seconds;
      for (int i = 0; i < 40; ++i)
        for (const char* order : {"good", "crash", "good", "poison", "good"})
          if ((*pool)->read(root, order, seconds).has_value() == (std::string(order) == "crash"))
            ++wrong;
    });
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

TEST_F(decoder_pool_test, a_missing_program_is_told_at_the_start_with_its_path) {
  settings.program = folder.path() / "nowhere";
  const auto pool = decoder_pool::start(settings, 2, spec, {});
  ASSERT_FALSE(pool);
  EXPECT_EQ(pool.error().kind, failure_kind::decoder_unavailable);
  EXPECT_THAT(pool.error().cause, HasSubstr((folder.path() / "nowhere").string()));
}

TEST_F(decoder_pool_test, a_program_that_ends_at_once_is_told_at_the_start_with_its_status) {
  settings.program = fs::exists("/bin/false") ? "/bin/false" : "/usr/bin/false";
  const auto pool = decoder_pool::start(settings, 2, spec, {});
  ASSERT_FALSE(pool);
  EXPECT_EQ(pool.error().kind, failure_kind::decoder_unavailable);
  EXPECT_THAT(pool.error().cause, HasSubstr("exit status 1 before its first image"));
}

TEST_F(decoder_pool_test, an_image_waits_while_no_decoder_can_be_started) {
  const auto program = folder.path() / "decoder";
  const auto away = folder.path() / "away";
  fs::copy_file(TRAINYARD_PLANTED, program);
  settings.program = program;
  const auto pool = decoder_pool::start(settings, 1, spec, {});
  ASSERT_TRUE(pool) << pool.error().cause;
  fs::rename(program, away);
  EXPECT_EQ(read_with(**pool, "crash").error().kind, failure_kind::decoder_crashed);
  folder.write("good", "good");
  std::atomic<bool> done = false;
  std::jthread reading([&] {
    stage_seconds seconds;
    EXPECT_TRUE((*pool)->read(root, "good", seconds));
    done = true;
  });
  EXPECT_FALSE(eventually(400ms, [&] { return done.load(); })) << "an image failed for want of a decoder";
  fs::rename(away, program);
  EXPECT_TRUE(eventually(20s, [&] { return done.load(); }));
}

TEST_F(decoder_pool_test, a_worker_hears_of_trouble_after_three_starts_that_failed_however_long_they_took) {
  settings.trouble_after = 0ms; // as if the machine had been frozen for half a minute
  for (const int fails : {2, 3}) {
    const auto tries = folder.write("tries", "");
    settings.program = folder.write(
        "decoder", "#!/bin/sh\nread -r tries < " + tries.string() + "\necho \"x$tries\" > " + tries.string() +
                       "\n[ \"$tries\" = " + std::string(static_cast<std::size_t>(fails), 'x') +
                       " ] && exec " TRAINYARD_PLANTED "\nexit 1\n");
    fs::permissions(settings.program, fs::perms::owner_all);
    int told = 0;
    const auto reader =
        isolated_reader::make(settings, spec, stopping, [&](const failure&) { ++told; }).value();
    const auto image = read(*reader, "good");
    EXPECT_TRUE(image) << image.error().cause;
    EXPECT_EQ(told, fails == 3 ? 1 : 0) << fails;
  }
}

TEST_F(decoder_pool_test, stopping_ends_reads_that_hang_long_before_their_time_limit) {
  settings.time_limit = 120s;
  const auto pool = decoder_pool::start(settings, 2, spec, {});
  ASSERT_TRUE(pool) << pool.error().cause;
  folder.write("spin", "spin");
  std::atomic<int> ended = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&] {
      stage_seconds seconds;
      const auto image = (*pool)->read(root, "spin", seconds);
      EXPECT_EQ(image.error().kind, failure_kind::interrupted);
      ++ended;
    });
  EXPECT_FALSE(eventually(300ms, [&] { return ended > 0; }));
  (*pool)->stop();
  EXPECT_TRUE(eventually(5s, [&] { return ended == 2; }));
}

TEST_F(decoder_pool_test, its_end_leaves_no_child) {
  {
    const auto pool = decoder_pool::start(settings, 2, spec, {});
    ASSERT_TRUE(pool);
    EXPECT_TRUE(has_children());
  }
  EXPECT_FALSE(has_children());
}

} // namespace
} // namespace trainyard
