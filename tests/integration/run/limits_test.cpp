// What the system refuses: found out before anything begins where it can be, waited for where it comes later.
#include <gmock/gmock.h>

#include <sys/resource.h>

#include "tests/integration/run/run_bench.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::eventually;
using ::testing::HasSubstr;

constexpr const char* prlimit_program = "/usr/bin/prlimit";
constexpr const char* setpriv_program = "/usr/bin/setpriv";
constexpr uid_t nobody = 65'534;

class limits : public testing::run_bench {
protected:
  void SetUp() override {
    if (!fs::exists(prlimit_program))
      GTEST_SKIP() << "there is no prlimit here";
  }
  /// `trainyard run` under `limit`, by way of what stands in `first`; runs as this user where that is empty.
  testing::finished_process run_under(const std::string& limit, std::vector<std::string> first = {}) {
    std::vector<std::string> all = std::move(first);
    all.insert(all.end(), {prlimit_program, limit, product});
    for (const auto& each : run_arguments(photos(), out()))
      all.push_back(each);
    program = all.front();
    all.erase(all.begin());
    return trainyard(all);
  }
  void expect_refusal(const testing::finished_process& done, const std::string& limit,
                      const std::string& what) {
    EXPECT_EQ(done.status, 71) << limit << done.err;
    EXPECT_THAT(done.err, HasSubstr("code=TY1801")) << limit;
    EXPECT_THAT(done.err, HasSubstr(what)) << limit;
    EXPECT_EQ(done.out, "") << limit;
    EXPECT_TRUE(eventually(5s, [this] { return nothing_left_behind(); }))
        << limit << " left a nats-server behind";
    EXPECT_FALSE(fs::exists(out())) << limit << ": something had begun";
  }
  const std::string product = program;
};

TEST_F(limits, too_few_open_files_are_told_before_anything_begins) {
  for (const auto* limit : {"--nofile=12", "--nofile=24", "--nofile=40"})
    expect_refusal(run_under(limit), limit, "raise the limit of open files: ulimit -n");
}

TEST_F(limits, too_few_threads_are_told_before_anything_begins) {
  std::vector<std::string> as_nobody;
  if (::geteuid() == 0) { // whom no limit of processes binds
    as_nobody = {setpriv_program,        "--reuid",       std::to_string(nobody), "--regid",
                 std::to_string(nobody), "--clear-groups"};
    fs::create_directories(runtime());
    for (const auto& each : {dir.path(), runtime()})
      ASSERT_EQ(::chown(each.c_str(), nobody, nobody), 0);
    auto probe = as_nobody;
    probe.insert(probe.end(), {product, "version"});
    testing::child_process trying(dir.path(), probe);
    const auto tried = trying.wait(20s);
    if (!tried || tried->status != 0)
      GTEST_SKIP() << "another user than root cannot run " << product;
  }
  for (const auto* limit : {"--nproc=4", "--nproc=12", "--nproc=20", "--nproc=28"})
    expect_refusal(run_under(limit, as_nobody), limit, "ulimit -u");
}

#ifdef __linux__
TEST_F(limits, open_files_that_run_out_for_a_moment_cost_no_image) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP()
      << "the undefined behaviour sanitizer looks at memory through pipes: without files it sees ghosts";
#endif
  auto running = start(run_arguments(photos(), out()));
  ASSERT_TRUE(eventually(60s, [&] { return ledger_bytes(out()) > 10'000 || !running.running(); }));
  rlimit before{};
  ASSERT_EQ(::prlimit(running.pid(), RLIMIT_NOFILE, nullptr, &before), 0);
  const rlimit none{3, before.rlim_max};
  ASSERT_EQ(::prlimit(running.pid(), RLIMIT_NOFILE, &none, nullptr), 0);
  EXPECT_TRUE(eventually(20s, [&] {
    return running.err_so_far().find("images wait for the system") != std::string::npos;
  })) << running.err_so_far();
  ASSERT_EQ(::prlimit(running.pid(), RLIMIT_NOFILE, &before, nullptr), 0);
  const auto done = running.wait(120s);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->status, 0) << done->err;
  EXPECT_EQ(report_of(*done)["embedded"], 96);
  EXPECT_EQ(check_folder(photos(), out())["rows"], 96);
}
#endif

} // namespace
} // namespace trainyard
