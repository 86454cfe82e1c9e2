// A limit that is too low is found before anything has begun, and told with what would raise it.
#include "nodes/system_room.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <unistd.h>

#include "nodes/last_words.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;

/// The soft limit of open files while it lives.
class lowered {
public:
  explicit lowered(rlim_t soft) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit low{soft, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &low);
  }
  ~lowered() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
  rlimit before_{};
};

TEST(system_room, finds_what_is_there) {
  EXPECT_TRUE(find_room({8, 8}));
}

TEST(system_room, raises_the_soft_limit_of_open_files_by_itself) {
  const lowered limit(32);
  EXPECT_TRUE(find_room({1, 100}));
}

TEST(system_room, says_how_many_open_files_are_missing_and_what_the_limit_is) {
  rlimit now{};
  ::getrlimit(RLIMIT_NOFILE, &now);
  const auto found =
      find_room({1, now.rlim_max > 70'000 ? 70'000 : static_cast<std::size_t>(now.rlim_max) + 1});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, failure_kind::system_limit);
  EXPECT_THAT(found.error().cause, HasSubstr("open files that are needed"));
  EXPECT_THAT(found.error().cause, HasSubstr("limit of this process: "));
  EXPECT_THAT(found.error().remedy, HasSubstr("ulimit -n"));
}

TEST(system_room, a_refused_thread_and_full_memory_are_limits_and_all_else_that_is_thrown_is_ours) {
  const std::system_error no_thread(std::make_error_code(std::errc::resource_unavailable_try_again));
  EXPECT_EQ(failure_of(no_thread).kind, failure_kind::system_limit);
  EXPECT_THAT(failure_of(no_thread).remedy, HasSubstr("ulimit -u"));
  EXPECT_EQ(failure_of(std::bad_alloc()).kind, failure_kind::system_limit);
  EXPECT_EQ(failure_of(std::runtime_error("odd")).kind, failure_kind::internal);
}

TEST(last_words, are_said_by_an_exception_that_nothing_can_catch_and_by_an_end_that_does_not_come) {
  const auto uncaught = [](const std::function<void()>& throwing) noexcept { throwing(); };
  EXPECT_EXIT(
      {
        say_last_words();
        uncaught([] { throw std::bad_alloc(); });
      },
      ::testing::ExitedWithCode(71), "error: the system refuses memory.*code=TY1801");
  EXPECT_EXIT(
      {
        end_within(std::chrono::seconds(1), {failure_kind::device_lost, "cuda:0 is gone", "run again"});
        for (;;)
          ::pause();
      },
      ::testing::ExitedWithCode(75), "error: cuda:0 is gone code=TY1502");
}

} // namespace
} // namespace trainyard
