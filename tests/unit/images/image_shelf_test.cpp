// What a coordinator gives of its roots: the bytes that lie beneath them, and of all else the reason why not.
#include "nodes/images/image_shelf.hpp"

#include <filesystem>

#include <gmock/gmock.h>

#include "actors/device/image/image_file.hpp"
#include "messages/codec.hpp"
#include "nodes/images/pending_requests.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

struct shelf : ::testing::Test {
  testing::temp_dir dir;
  image_shelf of = [this] {
    dir.write("photos/a.jpg", "0123456789");
    auto root = root_directory::open((dir.path() / "photos").string());
    image_shelf::root_map roots;
    roots.emplace("photos", std::make_shared<const root_directory>(std::move(*root)));
    return image_shelf(std::move(roots));
  }();

  [[nodiscard]] static image_request part(const std::string& path, std::uint64_t offset = 0,
                                          std::uint64_t length = 100) {
    return {wire_schema, path, offset, length, std::nullopt, std::nullopt};
  }
  [[nodiscard]] failure_kind refusal(const image_request& asked, const std::string& root = "photos") const {
    const auto got = of.read(root, asked, 1'000);
    return got ? failure_kind::internal : got.error().kind;
  }
  /// What a worker says that reads the file itself.
  [[nodiscard]] failure_kind refusal_on_disk(const std::string& path) const {
    const auto root = root_directory::open((dir.path() / "photos").string());
    const auto file = root->open_file(path);
    if (!file)
      return file.error().kind;
    const auto read = read_whole_file(*file);
    return read ? failure_kind::internal : read.error().kind;
  }
};

TEST_F(shelf, gives_a_part_and_the_size_of_the_whole) {
  const auto middle = of.read("photos", part("a.jpg", 2, 3), 1'000);
  ASSERT_TRUE(middle) << middle.error().cause;
  EXPECT_EQ(text_of(middle->bytes.bytes), "234");
  EXPECT_EQ(middle->size, 10U);
  EXPECT_EQ(text_of(of.read("photos", part("a.jpg", 8), 1'000)->bytes.bytes), "89");
  EXPECT_EQ(text_of(of.read("photos", part("a.jpg"), 4)->bytes.bytes), "0123") << "what the server takes";
  EXPECT_EQ(text_of(of.read("photos", part("a.jpg", 10), 4)->bytes.bytes), "");
}

TEST_F(shelf, refuses_what_a_worker_with_the_disk_would_refuse_and_for_the_same_reason) {
  dir.write("secret.jpg", "x");
  dir.write("photos/empty.jpg", "");
  fs::create_directory(dir.path() / "photos/folder.jpg");
  fs::create_symlink("../secret.jpg", dir.path() / "photos/out.jpg");
  fs::create_symlink("/etc/passwd", dir.path() / "photos/absolute.jpg");
  fs::resize_file(dir.write("photos/huge.jpg", "x"), max_file_bytes + 1);
  for (const auto* path : {"../secret.jpg", "out.jpg", "absolute.jpg", "/etc/passwd", "gone.jpg",
                           "folder.jpg", "empty.jpg", "huge.jpg", "", "a.jpg/b"}) {
    EXPECT_NE(refusal_on_disk(path), failure_kind::internal) << path;
    EXPECT_EQ(refusal(part(path)), refusal_on_disk(path)) << path;
  }
  EXPECT_EQ(refusal(part("../secret.jpg")), failure_kind::asset_outside_root);
  EXPECT_EQ(refusal(part("out.jpg")), failure_kind::asset_outside_root);
}

TEST_F(shelf, refuses_a_file_that_is_not_the_one_of_the_first_part) {
  const auto first = of.read("photos", part("a.jpg"), 4);
  auto next = part("a.jpg", 4);
  next.size = first->size;
  next.mtime_ns = first->mtime_ns;
  EXPECT_TRUE(of.read("photos", next, 4));
  dir.write("photos/a.jpg", "0123456789ab");
  EXPECT_EQ(refusal(next), failure_kind::asset_changed);
  next.size = 12;
  next.mtime_ns = first->mtime_ns - 1;
  EXPECT_EQ(refusal(next), failure_kind::asset_changed);
  EXPECT_EQ(refusal(part("a.jpg", 13)), failure_kind::asset_changed) << "it was longer once";
}

TEST_F(shelf, knows_only_its_own_roots) {
  EXPECT_EQ(refusal(part("a.jpg"), "scans"), failure_kind::asset_missing);
}

TEST_F(shelf, answers_in_the_coding_of_the_request) {
  nats_message said;
  said.payload = of.answer("photos", to_msgpack(part("a.jpg")), 1U << 20U);
  EXPECT_FALSE(is_json(said.payload));
  EXPECT_EQ(text_of(answer_in<image_chunk>(said)->bytes.bytes), "0123456789");
  said.payload = of.answer("photos", payload_of(to_json_text(part("a.jpg"))), 1U << 20U);
  EXPECT_TRUE(is_json(said.payload));
  EXPECT_EQ(text_of(answer_in<image_chunk>(said)->bytes.bytes), "0123456789");
  said.payload = of.answer("photos", payload_of("{}"), 1U << 20U);
  EXPECT_EQ(answer_in<image_chunk>(said).error().kind, failure_kind::message_invalid);
  said.payload = of.answer("photos", to_msgpack(part("../x")), 1U << 20U);
  EXPECT_EQ(answer_in<image_chunk>(said).error().kind, failure_kind::asset_outside_root);
  said.payload = of.answer("photos", payload_of("\xc1"), 1U << 20U);
  EXPECT_EQ(answer_in<image_chunk>(said).error().kind, failure_kind::message_invalid);
}

TEST_F(shelf, tells_a_root_that_is_another_directory_by_now_from_a_file_that_is_missing) {
  EXPECT_EQ(refusal(part("gone.jpg")), failure_kind::asset_missing);
  fs::rename(dir.path() / "photos", dir.path() / "away");
  EXPECT_EQ(refusal(part("gone.jpg")), failure_kind::nats_unreachable);
  fs::create_directory(dir.path() / "photos"); // what a share leaves when it goes
  EXPECT_EQ(refusal(part("gone.jpg")), failure_kind::nats_unreachable);
  fs::remove(dir.path() / "photos");
  fs::rename(dir.path() / "away", dir.path() / "photos");
  EXPECT_EQ(refusal(part("gone.jpg")), failure_kind::asset_missing);
}

TEST_F(shelf, fits_an_answer_into_what_the_server_takes) {
  dir.write("photos/big.jpg", std::string(300'000, 'b'));
  for (const std::size_t max_payload : {64U << 10U, 128U << 10U}) {
    EXPECT_LE(of.answer("photos", to_msgpack(part("big.jpg", 0, 300'000)), max_payload).size(), max_payload);
    EXPECT_LE(of.answer("photos", payload_of(to_json_text(part("big.jpg", 0, 300'000))), max_payload).size(),
              max_payload);
  }
}

} // namespace
} // namespace trainyard
