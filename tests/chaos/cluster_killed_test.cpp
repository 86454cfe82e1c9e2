// Whatever is killed, halted or started again in a cluster, the session ends with the bytes of an undisturbed
// run.
#include <csignal>

#include "tests/integration/cluster/cluster_bench.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;
using testing::eventually;

class cluster_killed : public testing::cluster_bench {
protected:
  /// A session of single images, some of which are done.
  void begin() {
    ASSERT_TRUE(eventually(30s, [&] { return client({"sessions"}).status == 0; }));
    ASSERT_EQ(submit("s1"), 0);
    ASSERT_TRUE(eventually(60s, [&] { return embedded("s1") >= 4; }));
  }
  void expect_the_bytes_of(const std::map<std::string, std::string>& expected) {
    ASSERT_TRUE(reaches("s1", "completed", 150s)) << status("s1");
    EXPECT_EQ(vectors_and_metadata(visible_bytes(out_of("s1"))), expected);
    const auto ended = status("s1");
    EXPECT_EQ(ended["embedded"], ended["total"]);
  }
};

TEST_F(cluster_killed, the_owner_is_followed_by_another_coordinator) {
  const auto expected = undisturbed();
  auto& first = coordinator("c1");
  worker("w1");
  begin();
  coordinator("c2");
  kill(first);
  expect_the_bytes_of(expected);
}

TEST_F(cluster_killed, a_halted_owner_that_wakes_after_the_takeover_changes_nothing) {
  const auto expected = undisturbed();
  auto& first = coordinator("c1");
  worker("w1");
  begin();
  first.signal(SIGSTOP);
  coordinator("c2");
  ASSERT_TRUE(eventually(90s, [&] {
    const auto now = status("s1");
    return now["coordinator"] == "c2" || now["state"] == "queued";
  })) << status("s1");
  first.signal(SIGCONT);
  expect_the_bytes_of(expected);
}

TEST_F(cluster_killed, a_coordinator_alone_goes_on_when_it_is_started_again) {
  const auto expected = undisturbed();
  auto& first = coordinator("c1");
  worker("w1");
  begin();
  kill(first);
  coordinator("c1");
  expect_the_bytes_of(expected);
}

TEST_F(cluster_killed, a_workers_batches_go_to_another_one) {
  const auto expected = undisturbed();
  coordinator("c1");
  auto& first = worker("w1");
  begin();
  kill(first);
  worker("w2");
  expect_the_bytes_of(expected);
}

TEST_F(cluster_killed, the_server_comes_back_on_its_store) {
  const auto expected = undisturbed();
  coordinator("c1");
  worker("w1");
  begin();
  server.kill();
  server.start();
  ASSERT_TRUE(eventually(60s, [&] { return embedded("s1") >= 12; })) << status("s1");
  expect_the_bytes_of(expected);
}

TEST_F(cluster_killed, all_of_them_at_once) {
  const auto expected = undisturbed();
  auto& the_coordinator = coordinator("c1");
  auto& the_worker = worker("w1");
  begin();
  kill(the_coordinator);
  kill(the_worker);
  server.kill();
  server.start();
  worker("w1");
  coordinator("c1");
  expect_the_bytes_of(expected);
}

} // namespace
} // namespace trainyard
