// Workers without the images' disk: the same bytes as with it, whatever is killed meanwhile.
#include <csignal>
#include <sys/stat.h>

#include <gmock/gmock.h>

#include "tests/integration/cluster/cluster_bench.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::eventually;
using ::testing::HasSubstr;

class remote_fleet : public testing::cluster_bench {
protected:
  remote_fleet() {
    coordinator_roots = {"--remote-root", "photos=" + photos().string()};
    worker_roots = {};
  }
  void submit_when_a_coordinator_answers(const std::vector<std::string>& extra = {}) const {
    ASSERT_TRUE(eventually(30s, [&] { return client({"sessions"}).status == 0; }));
    ASSERT_EQ(submit("s1", extra), 0);
  }
  void expect_the_bytes_of(const std::map<std::string, std::string>& expected) {
    ASSERT_TRUE(reaches("s1", "completed", 150s)) << status("s1");
    EXPECT_EQ(vectors_and_metadata(visible_bytes(out_of("s1"))), expected);
  }
};

TEST_F(remote_fleet, a_worker_without_the_root_beside_one_with_it_gives_the_bytes_of_a_run) {
  const auto expected = undisturbed();
  coordinator("c1");
  worker("far");
  worker_roots = {"--root", "photos=" + photos().string()};
  worker("near");
  ASSERT_TRUE(eventually(30s, [&] {
    const auto list = client({"devices", "--json"}).out;
    return list.find("far") != std::string::npos && list.find("near") != std::string::npos;
  }));
  submit_when_a_coordinator_answers({"--batch-size", "1"});
  expect_the_bytes_of(expected);
  EXPECT_EQ(status("s1")["devices"], nlohmann::json({"far/cpu", "near/cpu"}));
  EXPECT_EQ(check_folder(photos(), out_of("s1"))["rows"], 96);
}

TEST_F(remote_fleet, a_root_that_is_not_remote_is_left_to_workers_that_have_it) {
  coordinator_roots = {"--root", "photos=" + photos().string()};
  coordinator("c1");
  worker("far");
  submit_when_a_coordinator_answers();
  ASSERT_TRUE(eventually(30s, [&] {
    return status("s1")["reason"].get<std::string>().find("has a root named 'photos'") != std::string::npos;
  })) << status("s1");
  EXPECT_EQ(embedded("s1"), 0U);
  worker_roots = coordinator_roots;
  worker("near");
  EXPECT_TRUE(reaches("s1", "completed"));
  EXPECT_EQ(status("s1")["devices"], nlohmann::json({"near/cpu"}));
}

TEST_F(remote_fleet, a_coordinator_that_is_killed_in_the_middle_and_started_again_costs_no_image) {
  const auto expected = undisturbed();
  auto& first = coordinator("c1");
  auto& hand = worker("far");
  submit_when_a_coordinator_answers({"--batch-size", "1"});
  ASSERT_TRUE(eventually(60s, [&] { return embedded("s1") >= 4; }));
  kill(first);
  EXPECT_TRUE(eventually(20s, [&] { return hand.err_so_far().find("images wait") != std::string::npos; }))
      << "it says what it waits for";
  coordinator("c1");
  expect_the_bytes_of(expected);
}

TEST_F(remote_fleet, a_worker_whose_coordinator_is_gone_ends_at_once_and_hands_its_batches_back) {
  const auto album = dir.path() / "album"; // so large that there is work left when the kill comes
  fs::create_directory(album);
  for (int copy = 0; copy < 4; ++copy)
    fs::copy(photos(), album / std::to_string(copy), fs::copy_options::recursive);
  coordinator_roots = {"--remote-root", "photos=" + album.string()};
  const auto undisturbed_out = dir.path() / "undisturbed-album";
  ASSERT_EQ(trainyard(run_arguments(album, undisturbed_out)).status, 0);
  const auto expected = vectors_and_metadata(visible_bytes(undisturbed_out));
  auto& first = coordinator("c1");
  auto& hand = worker("far");
  submit_when_a_coordinator_answers();
  ASSERT_TRUE(eventually(60s, [&] {
    const auto now = status("s1");
    return now["embedded"] >= 4 && now["in_flight"] >= 7; // a worker has five in hand, and their images
  })) << status("s1");
  kill(first);
  ASSERT_TRUE(eventually(60s, [&] { return hand.err_so_far().find("images wait") != std::string::npos; }))
      << hand.err_so_far();
  const auto asked_at = std::chrono::steady_clock::now();
  hand.signal(SIGTERM);
  const auto ended = hand.wait(15s);
  ASSERT_TRUE(ended) << hand.err_so_far();
  EXPECT_EQ(ended->status, 0) << ended->err;
  EXPECT_LT(std::chrono::steady_clock::now() - asked_at, 10s) << "not by the drain's deadline of 20 s";
  coordinator("c1");
  worker("other");
  const auto files = visible_bytes(out_of("s1")).size();
  EXPECT_TRUE(eventually(20s, [&] { return visible_bytes(out_of("s1")).size() > files; }))
      << "the next shard has to wait for what was handed back, and that does not wait for its lease";
  expect_the_bytes_of(expected);
}

TEST_F(remote_fleet, bad_images_fail_as_in_a_run_and_large_ones_come_whole) {
  const auto album = dir.path() / "album";
  fs::create_directory(album);
  int copied = 0;
  for (const auto& each : fs::recursive_directory_iterator(photos()))
    if (each.is_regular_file() && ++copied <= 8)
      fs::copy_file(each.path(), album / (std::to_string(copied) + each.path().extension().string()));
  fs::create_symlink("../secret.jpg", album / "out.jpg");
  dir.write("secret.jpg", "x");
  dir.write("album/empty.jpg", "");
  dir.write("album/text.jpg", "no image");
  fs::create_directory(album / "folder.jpg");
  ASSERT_EQ(::mkfifo((album / "pipe.jpg").c_str(), 0600), 0);
  const std::uint32_t side = 2'700, bytes = 54 + side * side * 3; // 20.9 MiB
  std::string bmp("BM", 2);
  const auto put = [&](std::uint32_t value, int count) {
    for (int i = 0; i < count; ++i)
      bmp += static_cast<char>(value >> (8 * i));
  };
  for (const std::uint32_t field : {bytes, 0U, 54U, 40U, side, side})
    put(field, 4);
  put(1, 2), put(24, 2);
  for (const std::uint32_t field : {0U, side * side * 3, 0U, 0U, 0U, 0U})
    put(field, 4);
  for (std::uint32_t i = 0; i < side * side * 3; ++i)
    bmp += static_cast<char>((i / 8'100) ^ (i % 251));
  dir.write("album/large.bmp", bmp);
  const auto local = dir.path() / "local";
  ASSERT_EQ(trainyard(run_arguments(album, local)).status, 3);
  coordinator_roots = {"--remote-root", "photos=" + album.string()};
  coordinator("c1");
  worker("far");
  submit_when_a_coordinator_answers();
  expect_the_bytes_of(vectors_and_metadata(visible_bytes(local)));
  EXPECT_EQ(status("s1")["failed"], 4) << "out, empty, text, pipe";
}

TEST_F(remote_fleet, a_name_cannot_be_that_of_uploads_nor_be_given_twice) {
  const auto here = photos().string();
  EXPECT_THAT(client({"coordinator", "--remote-root", "uploads=" + here}).err, HasSubstr("TY1001"));
  EXPECT_THAT(client({"coordinator", "--root", "a=" + here, "--remote-root", "a=" + here}).err,
              HasSubstr("two roots are named 'a'"));
}

} // namespace
} // namespace trainyard
