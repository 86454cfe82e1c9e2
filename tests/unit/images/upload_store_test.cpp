// Uploads on a real disk: whole or not there, within limits, never outside of their folder.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "messages/codec.hpp"
#include "nodes/images/pending_requests.hpp"
#include "nodes/images/upload_desk.hpp"
#include "tests/support/as_nobody.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using testing::content_of;
using ::testing::HasSubstr;

struct uploads : ::testing::Test {
  testing::temp_dir dir;
  fs::path root = dir.path() / "out/.uploads";
  upload_limits limits{1'000'000, 100, 0};
  std::unique_ptr<upload_desk> desk;

  void SetUp() override { open(); }
  void open() {
    auto store = upload_store::open(root, limits);
    ASSERT_TRUE(store) << store.error().cause;
    desk = std::make_unique<upload_desk>(std::move(*store));
  }
  [[nodiscard]] static upload_request about(const std::string& path, const std::string& content,
                                            const std::string& step) {
    upload_request asked;
    asked.step = step;
    asked.path = path;
    asked.size = content.size();
    asked.mtime_ns = 1'500'000'000'123'456'789;
    const auto digest = sha256_of(std::string_view(content));
    asked.sha256.bytes.assign(digest.begin(), digest.end());
    return asked;
  }
  [[nodiscard]] static upload_request part(const std::string& path, const std::string& content,
                                           const std::string& step, std::size_t offset, std::size_t length) {
    auto asked = about(path, content, step);
    asked.offset = offset;
    asked.bytes.bytes = payload_of(content.substr(offset, length));
    return asked;
  }
  [[nodiscard]] result<bool> ask(const upload_request& asked, const std::string& folder = "f") const {
    nats_message said;
    said.payload = desk->answer(folder, to_msgpack(asked));
    return answer_in<upload_reply>(said).map([](const upload_reply& reply) { return reply.stored; });
  }
  [[nodiscard]] result<bool> send(const std::string& path, const std::string& content) const {
    return ask(part(path, content, "finish", 0, content.size()));
  }
  [[nodiscard]] failure_kind refusal(const upload_request& asked, const std::string& folder = "f") const {
    const auto got = ask(asked, folder);
    return got ? failure_kind::internal : got.error().kind;
  }
  [[nodiscard]] std::size_t files() const {
    std::size_t count = 0;
    for (const auto& each : fs::recursive_directory_iterator(root))
      count += each.is_regular_file() ? 1 : 0;
    return count;
  }
};

TEST_F(uploads, a_small_image_is_stored_by_one_request_with_its_time) {
  EXPECT_EQ(ask(about("2024/a.jpg", "content", "look")), false);
  EXPECT_EQ(send("2024/a.jpg", "content"), true);
  EXPECT_EQ(content_of(root / "f/2024/a.jpg"), "content");
  EXPECT_EQ(ask(about("2024/a.jpg", "content", "look")), true);
  EXPECT_EQ(ask(about("2024/a.jpg", "comtent", "look")), false) << "of the same size and another content";
  auto other_time = about("2024/a.jpg", "content", "look");
  ++other_time.mtime_ns;
  EXPECT_EQ(ask(other_time), false);
  EXPECT_EQ(files(), 1U) << "nothing of its parts is left";
}

TEST_F(uploads, a_large_image_comes_in_parts_in_any_order_and_through_several_coordinators) {
  const std::string content(100'000, 'x');
  EXPECT_EQ(ask(part("b.jpg", content, "write", 70'000, 20'000)), false);
  open(); // another process on the same folder
  EXPECT_EQ(ask(part("b.jpg", content, "write", 0, 70'000)), false);
  EXPECT_FALSE(fs::exists(root / "f/b.jpg")) << "nothing has its name before it is whole";
  EXPECT_EQ(ask(part("b.jpg", content, "finish", 90'000, 10'000)), true);
  EXPECT_EQ(content_of(root / "f/b.jpg"), content);
}

TEST_F(uploads, an_image_with_a_hole_or_other_bytes_is_refused_and_can_be_sent_again) {
  std::string content(100, 'x');
  EXPECT_EQ(refusal(part("c.jpg", content, "finish", 50, 50)), failure_kind::asset_changed);
  auto wrong = part("c.jpg", content, "finish", 0, 100);
  wrong.bytes.bytes[7] = std::byte{0};
  EXPECT_EQ(refusal(wrong), failure_kind::asset_changed);
  EXPECT_EQ(files(), 0U);
  EXPECT_EQ(send("c.jpg", content), true);
}

TEST_F(uploads, an_empty_file_is_stored_as_it_is) {
  EXPECT_EQ(send("empty.jpg", ""), true);
  EXPECT_EQ(fs::file_size(root / "f/empty.jpg"), 0U);
}

TEST_F(uploads, an_image_that_is_sent_anew_with_another_content_replaces_the_old_one) {
  EXPECT_EQ(send("a.jpg", "old"), true);
  EXPECT_EQ(send("a.jpg", "newer"), true);
  EXPECT_EQ(content_of(root / "f/a.jpg"), "newer");
  EXPECT_EQ(files(), 1U);
}

TEST_F(uploads, nothing_leaves_the_folder_by_its_name_or_by_a_link) {
  for (const auto* path : {"../g/a.jpg", "/tmp/a.jpg", "a/../../b.jpg"})
    for (const auto* step : {"look", "write", "finish"})
      EXPECT_EQ(refusal(about(path, "x", step)), failure_kind::asset_outside_root) << path;
  for (const auto* folder : {"..", "a.b", "", "f/g", "*"})
    EXPECT_EQ(refusal(about("a.jpg", "x", "finish"), folder), failure_kind::usage) << folder;
  fs::create_directories(root / "f");
  fs::create_directory(dir.path() / "elsewhere");
  fs::create_symlink(dir.path() / "elsewhere", root / "f/link");
  EXPECT_FALSE(send("link/a.jpg", "x"));
  fs::create_symlink(dir.path() / "elsewhere", root / "g");
  EXPECT_FALSE(ask(part("a.jpg", "x", "finish", 0, 1), "g"));
  EXPECT_TRUE(fs::is_empty(dir.path() / "elsewhere"));
}

TEST_F(uploads, what_contradicts_itself_is_refused) {
  auto beyond = part("a.jpg", "content", "write", 0, 7);
  beyond.offset = 1;
  EXPECT_EQ(refusal(beyond), failure_kind::message_invalid);
  beyond.offset = ~std::uint64_t{0};
  EXPECT_EQ(refusal(beyond), failure_kind::message_invalid);
  auto short_digest = part("a.jpg", "content", "write", 0, 7);
  short_digest.sha256.bytes.pop_back();
  EXPECT_EQ(refusal(short_digest), failure_kind::message_invalid);
  auto huge = about("a.jpg", "", "write");
  huge.size = std::uint64_t{1} << 40U;
  EXPECT_EQ(refusal(huge), failure_kind::asset_too_large);
  EXPECT_EQ(refusal(about("a.jpg", "x", "delete")), failure_kind::message_invalid);
}

TEST_F(uploads, the_number_of_images_is_limited_over_all_folders) {
  limits.most_images = 2;
  open();
  EXPECT_TRUE(send("a.jpg", "1"));
  EXPECT_TRUE(ask(part("a.jpg", "2", "finish", 0, 1), "other"));
  EXPECT_EQ(refusal(part("b.jpg", "3", "finish", 0, 1)), failure_kind::limit_reached);
  open(); // counted anew
  EXPECT_EQ(refusal(part("b.jpg", "3", "finish", 0, 1)), failure_kind::limit_reached);
  EXPECT_EQ(files(), 2U);
}

TEST_F(uploads, bytes_are_limited_by_what_was_announced_before_they_come) {
  limits.most_bytes = 1'000;
  open();
  EXPECT_TRUE(send("a.jpg", std::string(600, 'a')));
  const std::string large(600, 'b');
  EXPECT_EQ(refusal(part("b.jpg", large, "write", 0, 1)), failure_kind::limit_reached);
  EXPECT_TRUE(send("c.jpg", std::string(400, 'c')));
}

TEST_F(uploads, what_was_announced_counts_also_when_little_of_it_comes_and_the_coordinator_starts_anew) {
  limits.most_bytes = 1'000;
  open();
  const std::string large(600, 'a');
  EXPECT_EQ(ask(part("a.jpg", large, "write", 0, 1)), false);
  open(); // counted anew
  EXPECT_EQ(refusal(part("b.jpg", large, "write", 0, 1)), failure_kind::limit_reached);
  EXPECT_EQ(ask(part("a.jpg", large, "finish", 1, 599)), true);
  EXPECT_EQ(content_of(root / "f/a.jpg"), large);
}

TEST_F(uploads, parts_that_nobody_finishes_are_removed_and_do_not_count_any_more) {
  limits.most_images = 1;
  open();
  const std::string content(600, 'a');
  EXPECT_EQ(ask(part("a.jpg", content, "write", 0, 1)), false);
  open();
  EXPECT_EQ(refusal(part("b.jpg", "b", "finish", 0, 1)), failure_kind::limit_reached) << "not after a moment";
  limits.unfinished_for = std::chrono::seconds(0); // a day later
  open();
  EXPECT_EQ(ask(part("b.jpg", "b", "finish", 0, 1)), true);
  EXPECT_EQ(files(), 1U);
}

TEST_F(uploads, a_part_that_comes_late_leaves_nothing_behind) {
  const std::string content(1'000, 'a');
  EXPECT_EQ(ask(part("a.jpg", content, "write", 0, 500)), false);
  EXPECT_EQ(ask(part("a.jpg", content, "finish", 500, 500)), true);
  EXPECT_EQ(ask(part("a.jpg", content, "write", 0, 500)), false);
  EXPECT_EQ(ask(part("a.jpg", content, "finish", 500, 500)), true) << "an answer may have got lost";
  EXPECT_EQ(files(), 1U);
  EXPECT_EQ(content_of(root / "f/a.jpg"), content);
}

TEST_F(uploads, a_folder_that_may_not_be_read_hides_no_other_from_the_limits) {
  limits.most_images = 2;
  open();
  fs::permissions(dir.path(), fs::perms::all);
  for (const auto* folder : {"e", "f", "g"})
    fs::create_directories(root / folder);
  for (const auto* folder : {"e", "f", "g"})
    dir.write("out/.uploads/" + std::string(folder) + "/x.jpg", "x");
  for (const auto& each : fs::recursive_directory_iterator(dir.path()))
    fs::permissions(each.path(), fs::perms::all);
  fs::permissions(root / "e", fs::perms::none);
  fs::permissions(root / "g", fs::perms::none);
  limits.most_images = 1;
  {
    const testing::as_nobody low;
    open();
    EXPECT_EQ(refusal(part("b.jpg", "b", "finish", 0, 1)), failure_kind::limit_reached);
  }
  fs::permissions(root / "e", fs::perms::all);
  fs::permissions(root / "g", fs::perms::all);
}

TEST_F(uploads, a_disk_without_room_to_spare_is_not_filled) {
  limits.bytes_left_free = ~std::uint64_t{0} / 2;
  open();
  EXPECT_EQ(refusal(part("a.jpg", "x", "finish", 0, 1)), failure_kind::disk_full);
}

} // namespace
} // namespace trainyard
