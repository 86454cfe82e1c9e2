// The whole way, from files on disk: hashes, times, sizes, and files that misbehave while they are read.
#include "actors/device/image/image_reader.hpp"

#include <fcntl.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

#include "actors/device/image/image_file.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/image/corpus.hpp"

namespace trainyard {
namespace {

std::string hex(const std::array<std::byte, 32>& bytes) {
  std::string text;
  char two[3];
  for (const std::byte byte : bytes) {
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(byte));
    text += two;
  }
  return text;
}

TEST(image_reader, prepares_a_photo_and_records_what_the_ledger_wants) {
  const auto root = root_directory::open(testing::corpus_folder());
  stage_seconds seconds;
  const auto image = read_image(*root, "photo_original.jpg", {}, seconds);
  ASSERT_TRUE(image) << image.error().cause;
  EXPECT_EQ(image->path, "photo_original.jpg");
  EXPECT_EQ(image->width, 640U);
  EXPECT_EQ(image->height, 427U);
  EXPECT_EQ(image->bytes, std::filesystem::file_size(testing::corpus_folder() / "photo_original.jpg"));
  EXPECT_EQ(image->pixels, testing::corpus_bytes("photo_original.jpg.square"));
  EXPECT_GT(seconds.read, 0);
  EXPECT_GT(seconds.decode, 0);
  EXPECT_EQ(seconds.forward, 0);
}

TEST(image_reader, hashes_the_content) {
  const testing::temp_dir folder;
  folder.write("abc", "abc");
  const auto root = root_directory::open(folder.path());
  const auto file = read_whole_file(*root->open_file("abc"));
  ASSERT_TRUE(file);
  EXPECT_EQ(hex(file->facts.sha256), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(image_reader, counts_the_time_of_failures_too) {
  const auto root = root_directory::open(testing::corpus_folder());
  stage_seconds seconds;
  EXPECT_FALSE(read_image(*root, "cut_50.jpg", {}, seconds));
  EXPECT_GT(seconds.read, 0);
  EXPECT_GT(seconds.decode, 0);
}

TEST(image_reader, refuses_empty_and_oversized_files_by_their_size) {
  const testing::temp_dir folder;
  folder.write("empty", "");
  folder.write("large", "x");
  std::filesystem::resize_file(folder.path() / "large", max_file_bytes + 1);
  const auto root = root_directory::open(folder.path());
  stage_seconds seconds;
  EXPECT_EQ(read_image(*root, "empty", {}, seconds).error().kind, failure_kind::asset_empty);
  const auto large = read_image(*root, "large", {}, seconds);
  EXPECT_EQ(large.error().kind, failure_kind::asset_too_large);
  EXPECT_NE(large.error().cause.find("67108865"), std::string::npos);
}

TEST(image_reader, says_changed_or_gives_a_whole_file_while_somebody_resizes_it) {
  const testing::temp_dir folder;
  const auto path = folder.write("file", std::string(4'000'000, 'x'));
  const auto root = root_directory::open(folder.path());
  std::jthread writer([&](const std::stop_token& stop) {
    while (!stop.stop_requested())
      for (const off_t size : {4'000'000, 1'000, 9'000'000, 0})
        EXPECT_EQ(::truncate(path.c_str(), size), 0);
  });
  int changed = 0;
  // On a busy machine the writer may sleep for long, and all that is seen meanwhile is one size.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (int i = 0; i < 300 || (changed == 0 && std::chrono::steady_clock::now() < end); ++i) {
    const auto file = read_whole_file(*root->open_file("file"));
    if (file) {
      EXPECT_TRUE(file->bytes.size() == 1'000 || file->bytes.size() == 4'000'000 ||
                  file->bytes.size() == 9'000'000);
      continue;
    }
    const auto kind = file.error().kind;
    EXPECT_TRUE(kind == failure_kind::asset_changed || kind == failure_kind::asset_empty) << code_of(kind);
    changed += kind == failure_kind::asset_changed ? 1 : 0;
  }
  EXPECT_GT(changed, 0);
}

TEST(image_reader, reports_a_directory_as_an_error_of_reading) {
  const testing::temp_dir folder;
  const owned_fd directory(::open(folder.path().c_str(), O_RDONLY));
  EXPECT_EQ(read_whole_file(directory).error().kind, failure_kind::asset_io);
}

TEST(image_reader, scales_only_where_asked_and_still_reports_the_size_of_the_file) {
  const auto root = root_directory::open(testing::corpus_folder());
  stage_seconds seconds;
  image_spec spec;
  spec.resize = spec.crop = 64;
  const auto exact = read_image(*root, "photo_420.jpg", spec, seconds);
  const auto scaled = read_image(*root, "photo_420.jpg", spec, seconds, {128});
  ASSERT_TRUE(exact && scaled);
  EXPECT_EQ(scaled->width, exact->width);
  EXPECT_NE(scaled->pixels, exact->pixels);
  EXPECT_GT(testing::compare(scaled->pixels.data(), exact->pixels).cosine, 0.999);
}

} // namespace
} // namespace trainyard
