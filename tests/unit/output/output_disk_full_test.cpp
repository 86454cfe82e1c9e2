// A disk that is full at any byte: a limit on the size of files makes one here.
#include <csignal>

#include <sys/resource.h>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"
#include "tests/unit/output/made_batches.hpp"

namespace trainyard {
namespace {

using testing::contents_of;
using testing::made_session;
using testing::made_spec;
using testing::write_session;

/// No file of this process grows beyond `bytes` while it lives.
class file_size_limit {
public:
  explicit file_size_limit(rlim_t bytes) : former_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &former_);
    rlimit limit = former_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~file_size_limit() {
    ::setrlimit(RLIMIT_FSIZE, &former_);
    std::signal(SIGXFSZ, former_handler_);
  }
  file_size_limit(const file_size_limit&) = delete;
  file_size_limit& operator=(const file_size_limit&) = delete;

private:
  rlimit former_{};
  void (*former_handler_)(int);
};

TEST(output_disk_full, is_said_as_such_and_the_next_run_ends_in_the_same_bytes) {
  testing::temp_dir whole;
  const auto session = made_session(made_spec());
  ASSERT_TRUE(write_session(whole.path(), made_spec(), session));
  int full = 0;
  for (rlim_t limit = 0; limit < 6000; limit += 97) {
    testing::temp_dir dir;
    const auto limited = [&] {
      const file_size_limit limit_of_files(limit);
      return write_session(dir.path(), made_spec(), session);
    }();
    if (!limited) {
      ++full;
      ASSERT_EQ(limited.error().kind, failure_kind::disk_full) << limited.error().cause;
    }
    ASSERT_TRUE(write_session(dir.path(), made_spec(), session));
    ASSERT_EQ(contents_of(dir.path()), contents_of(whole.path())) << limit;
  }
  EXPECT_GT(full, 20);
}

TEST(output_disk_full, an_object_that_met_it_repeats_the_failure_and_leaves_no_temporary_file) {
  testing::temp_dir dir;
  const auto session = made_session(made_spec());
  {
    auto folder = output_folder::open(dir.path(), made_spec());
    ASSERT_TRUE(folder);
    {
      const file_size_limit limit(150); // the header fits, the rows do not
      EXPECT_EQ(folder->emit(0, session[0].assets, session[0].done).error().kind, failure_kind::disk_full);
    }
    EXPECT_EQ(folder->emit(0, session[0].assets, session[0].done).error().kind, failure_kind::disk_full);
    EXPECT_EQ(folder->finish({"completed", 0, 0}).error().kind, failure_kind::disk_full);
  }
  EXPECT_TRUE(std::filesystem::is_empty(dir.path() / "img_emb"));
  EXPECT_TRUE(write_session(dir.path(), made_spec(), session));
}

} // namespace
} // namespace trainyard
