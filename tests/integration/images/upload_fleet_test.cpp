// `submit --upload`: a folder of this machine becomes a session of a fleet that shares no disk with it.
#include <csignal>

#include <gmock/gmock.h>

#include "tests/integration/cluster/cluster_bench.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::eventually;
using ::testing::HasSubstr;
using words = std::vector<std::string>;

class upload_fleet : public testing::cluster_bench {
protected:
  upload_fleet() { coordinator_roots = worker_roots = {}; }

  [[nodiscard]] static words submit_upload(const words& extra = {}) {
    words all{"submit", photos().string(), "--upload", "--batch-size", "4"};
    all.insert(all.end(), extra.begin(), extra.end());
    return all;
  }
  void wait_for_a_coordinator() const {
    ASSERT_TRUE(eventually(30s, [&] { return client({"sessions"}).status == 0; }));
  }
  /// Images that have their names already.
  [[nodiscard]] std::size_t stored() const {
    std::size_t count = 0;
    std::error_code ignored;
    for (fs::recursive_directory_iterator each(dir.path() / "out/.uploads", ignored), end;
         !ignored && each != end; each.increment(ignored)) {
      if (each->path().filename() == ".trainyard")
        each.disable_recursion_pending();
      count += each->is_regular_file(ignored) ? 1 : 0;
    }
    return count;
  }
};

TEST_F(upload_fleet, a_folder_of_the_client_gives_the_bytes_of_a_run_and_sending_it_again_sends_nothing) {
  const auto expected = undisturbed();
  coordinator("c1");
  worker("far");
  wait_for_a_coordinator();
  const auto done = client(submit_upload({"--session-id", "s1", "--wait", "--json"}));
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("96 images sent, 0 were there already"));
  EXPECT_EQ(report_of(done)["embedded"], 96);
  EXPECT_EQ(vectors_and_metadata(visible_bytes(out_of("s1"))), expected);
  const auto again = client(submit_upload({"--session-id", "s1"}));
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("0 images sent, 96 were there already"));
  EXPECT_THAT(again.out, HasSubstr("s1 queued")) << "it looks for what is new";
  EXPECT_TRUE(reaches("s1", "completed"));
}

TEST_F(upload_fleet, the_same_command_is_the_same_session_without_an_id) {
  coordinator("c1");
  wait_for_a_coordinator();
  const auto first = client(submit_upload());
  const auto second = client(submit_upload());
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(first.out.substr(0, first.out.rfind(' ')), second.out.substr(0, second.out.rfind(' ')));
}

TEST_F(upload_fleet, a_client_that_is_killed_goes_on_where_it_was) {
  coordinator("c1");
  wait_for_a_coordinator();
  auto sending = start_client(submit_upload({"--session-id", "s1"}));
  ASSERT_TRUE(eventually(30s, [&] { return stored() > 0; }));
  sending->signal(SIGKILL);
  ASSERT_TRUE(sending->wait(20s));
  const auto before = stored();
  EXPECT_LT(before, 96U);
  const auto again = client(submit_upload({"--session-id", "s1"}));
  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(stored(), 96U);
  EXPECT_THAT(again.err, HasSubstr(std::to_string(96 - before) + " images sent, " + std::to_string(before)));
  worker("far");
  ASSERT_TRUE(reaches("s1", "completed"));
  EXPECT_EQ(check_folder(photos(), out_of("s1"))["rows"], 96);
}

TEST_F(upload_fleet, a_coordinator_that_is_killed_while_it_takes_them_is_waited_for) {
  auto& first = coordinator("c1");
  wait_for_a_coordinator();
  auto sending = start_client(submit_upload({"--session-id", "s1"}));
  ASSERT_TRUE(eventually(30s, [&] { return stored() > 0; }));
  kill(first);
  coordinator("c1");
  const auto ended = sending->wait(60s);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->status, 0) << ended->err;
  EXPECT_EQ(stored(), 96U);
}

TEST_F(upload_fleet, limits_and_their_absence_are_told) {
  coordinator("c1", {"--upload-images", "10"});
  wait_for_a_coordinator();
  const auto refused = client(submit_upload());
  EXPECT_EQ(refused.status, 75);
  EXPECT_THAT(refused.err, HasSubstr("TY1605"));
  EXPECT_EQ(stored(), 10U);
  EXPECT_THAT(client({"submit", photos().string(), "--upload", "--root", "photos"}).err, HasSubstr("TY1001"));
  EXPECT_THAT(client({"submit", (dir.path() / "nothing").string(), "--upload"}).err, HasSubstr("TY1101"));
  EXPECT_THAT(client({"submit", ".", "--root", "uploads", "--output", ".uploads/x"}).err,
              HasSubstr("TY1001"));
}

TEST_F(upload_fleet, a_coordinator_that_takes_none_is_told_from_none_at_all) {
  coordinator_roots = {"--root", "photos=" + photos().string()};
  coordinator("c1", {"--upload-gigabytes", "0"});
  wait_for_a_coordinator();
  const auto refused = client(submit_upload());
  EXPECT_EQ(refused.status, 69);
  EXPECT_THAT(refused.err, HasSubstr("takes uploads"));
}

} // namespace
} // namespace trainyard
