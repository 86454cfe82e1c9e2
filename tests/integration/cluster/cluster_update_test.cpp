// A completed session follows its directory when it is submitted again, and tries its failures again by
// retry.
#include <gmock/gmock.h>

#include "tests/integration/cluster/cluster_bench.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;

struct cluster_update : testing::cluster_bench {
  fs::path mine = dir.path() / "mine";

  void SetUp() override {
    fs::copy(photos(), mine, fs::copy_options::recursive);
    dir.write("mine/mended.jpg", std::string(1'000, 'x'));
    const std::vector<std::string> root{"--root", "mine=" + mine.string()};
    coordinator("c1", root);
    worker("w1", root);
  }
  int submit_mine(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"submit",       ".",  "--root",       "mine",
                                       "--session-id", "s1", "--batch-size", "4"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return client(std::move(arguments)).status;
  }
};

TEST_F(cluster_update, a_completed_session_embeds_what_is_new_and_prunes_and_retries_when_asked_for) {
  ASSERT_TRUE(testing::eventually(std::chrono::seconds(30), [&] { return submit_mine() == 0; }));
  ASSERT_TRUE(reaches("s1", "completed"));
  EXPECT_EQ(status("s1")["failed"], 1);
  const auto first = out_of("s1") / "img_emb/img_emb_00000.npy";
  const auto time = fs::last_write_time(first);

  fs::copy_file(a_jpeg(), mine / "later.jpg");
  fs::remove(mine / "mended.jpg");
  fs::copy_file(a_jpeg(), mine / "other.jpg");
  EXPECT_EQ(submit_mine({"--wait"}), 3) << "one has failed before";
  auto now = status("s1");
  EXPECT_EQ(now["state"], "completed") << now;
  EXPECT_EQ(now["report"]["changes"]["new"], 2);
  EXPECT_EQ(now["report"]["changes"]["vanished"], 1);
  EXPECT_EQ(now["embedded"], 98);
  EXPECT_EQ(fs::last_write_time(first), time);

  dir.write("mine/mended.jpg", std::string(1'000, 'x')); // as large, but later: tried again unasked
  EXPECT_EQ(submit_mine({"--wait"}), 3);
  EXPECT_EQ(client({"retry", "s1"}).status, 0);
  ASSERT_TRUE(reaches("s1", "completed"));
  EXPECT_EQ(status("s1")["report"]["changes"]["retried"], 1);

  fs::remove(mine / "mended.jpg");
  EXPECT_EQ(submit_mine({"--wait", "--prune"}), 0);
  now = status("s1");
  EXPECT_EQ(now["report"]["changes"]["pruned"], 1);
  EXPECT_EQ(now["failed"], 0);
  EXPECT_EQ(now["total"], 98);
  EXPECT_NE(client({"retry", "s1"}).status, 0) << "nothing has failed";
}

} // namespace
} // namespace trainyard
