// What is appended is read back, at any time and after any clean or unclean end.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "actors/coordinator/manifest.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using testing::temp_dir;

listed_asset item(std::uint64_t i) {
  return {"dir/" + std::to_string(i) + "\xff\n.jpg", i * 3, -static_cast<std::int64_t>(i)};
}

void append(manifest_writer& writer, std::uint64_t first, std::uint64_t end) {
  for (auto i = first; i < end; ++i)
    ASSERT_TRUE(writer.append(item(i)));
}

void expect_items(manifest_reader& reader, std::uint64_t first, std::uint64_t count) {
  const auto items = reader.read(first, count);
  ASSERT_TRUE(items) << items.error().cause;
  ASSERT_EQ(items->size(), count);
  for (std::uint64_t i = 0; i < count; ++i)
    ASSERT_EQ((*items)[i], item(first + i));
}

TEST(manifest, reads_any_range_back_across_blocks) {
  const temp_dir directory;
  const auto file = directory.path() / "manifest";
  auto writer = manifest_writer::open(file);
  ASSERT_TRUE(writer);
  append(*writer, 0, 1'000);
  ASSERT_TRUE(writer->seal());
  auto reader = manifest_reader::open(file);
  ASSERT_TRUE(reader);
  EXPECT_TRUE(reader->sealed());
  EXPECT_EQ(reader->size(), 1'000U);
  expect_items(*reader, 0, 1'000);
  for (const std::uint64_t first : {0, 1, 255, 256, 257, 511, 768, 999})
    for (const std::uint64_t count : {0, 1, 16, 256, 257})
      expect_items(*reader, first, std::min(count, 1'000 - first));
  EXPECT_EQ(reader->read(990, 100)->size(), 10U);
  EXPECT_TRUE(reader->read(1'000, 1)->empty());
  EXPECT_EQ(reader->read(1, ~0ULL)->size(), 999U);
}

TEST(manifest, shows_readers_what_was_flushed_and_no_more) {
  const temp_dir directory;
  const auto file = directory.path() / "manifest";
  auto writer = manifest_writer::open(file);
  auto reader = manifest_reader::open(file);
  ASSERT_TRUE(reader);
  append(*writer, 0, 3);
  ASSERT_TRUE(reader->refresh());
  EXPECT_EQ(reader->size(), 0U);
  ASSERT_TRUE(writer->flush());
  ASSERT_TRUE(writer->flush());
  ASSERT_TRUE(reader->refresh());
  expect_items(*reader, 0, 3);
  append(*writer, 3, 600);
  ASSERT_TRUE(reader->refresh());
  EXPECT_EQ(reader->size(), 3U + 512U);
  EXPECT_FALSE(reader->sealed());
  ASSERT_TRUE(writer->seal());
  ASSERT_TRUE(reader->refresh());
  EXPECT_TRUE(reader->sealed());
  expect_items(*reader, 0, 600);
}

TEST(manifest, takes_up_an_unsealed_listing_where_it_was_flushed) {
  const temp_dir directory;
  const auto file = directory.path() / "manifest";
  {
    auto writer = manifest_writer::open(file);
    append(*writer, 0, 300);
    ASSERT_TRUE(writer->flush());
    append(*writer, 300, 310); // lost: never flushed
  }
  auto writer = manifest_writer::open(file);
  ASSERT_TRUE(writer);
  EXPECT_EQ(writer->size(), 300U);
  EXPECT_EQ(writer->durable_size(), 300U);
  EXPECT_EQ(writer->last_path(), item(299).path);
  EXPECT_FALSE(writer->sealed());
  append(*writer, 300, 400);
  ASSERT_TRUE(writer->seal());
  auto reader = manifest_reader::open(file);
  expect_items(*reader, 0, 400);
}

TEST(manifest, stays_sealed_and_refuses_more) {
  const temp_dir directory;
  const auto file = directory.path() / "manifest";
  ASSERT_TRUE(manifest_writer::open(file)->seal());
  auto writer = manifest_writer::open(file);
  EXPECT_TRUE(writer->sealed());
  EXPECT_EQ(writer->size(), 0U);
  EXPECT_TRUE(writer->seal());
  EXPECT_FALSE(writer->append(item(0)));
  auto reader = manifest_reader::open(file);
  EXPECT_TRUE(reader->sealed());
  EXPECT_EQ(reader->size(), 0U);
}

TEST(manifest, counts_as_durable_only_what_was_synced) {
  const temp_dir directory;
  auto writer = manifest_writer::open(directory.path() / "manifest");
  append(*writer, 0, 10);
  EXPECT_EQ(writer->size(), 10U);
  ASSERT_TRUE(writer->flush());
  EXPECT_EQ(writer->durable_size(), 0U);
  ASSERT_TRUE(writer->sync());
  EXPECT_EQ(writer->durable_size(), 10U);
  append(*writer, 10, 20'000);
  EXPECT_GE(writer->durable_size(), 16'384U); // by itself
}

TEST(manifest, refuses_paths_that_no_listing_has) {
  const temp_dir directory;
  auto writer = manifest_writer::open(directory.path() / "manifest");
  EXPECT_FALSE(writer->append({"", 0, 0}));
  EXPECT_FALSE(writer->append({std::string(64 * 1024 + 1, 'x'), 0, 0}));
  EXPECT_TRUE(writer->append({std::string(64 * 1024, 'x'), ~0ULL, INT64_MIN}));
  ASSERT_TRUE(writer->seal());
  auto reader = manifest_reader::open(directory.path() / "manifest");
  EXPECT_EQ((*reader->read(0, 1))[0], (listed_asset{std::string(64 * 1024, 'x'), ~0ULL, INT64_MIN}));
}

TEST(manifest, is_its_owners_alone) {
  const temp_dir directory;
  ASSERT_TRUE(manifest_writer::open(directory.path() / "manifest"));
  struct stat found {};
  ASSERT_EQ(::stat((directory.path() / "manifest").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600U);
}

TEST(manifest, names_the_file_that_cannot_be_opened) {
  const temp_dir directory;
  const auto writer = manifest_writer::open(directory.path() / "no" / "manifest");
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().kind, failure_kind::output_unwritable);
  EXPECT_THAT(writer.error().cause, ::testing::HasSubstr("no/manifest"));
  EXPECT_FALSE(manifest_reader::open(directory.path() / "manifest"));
}

} // namespace
} // namespace trainyard
