// Torn tails are cut off at every byte; damage of what was durable is never silent.
#include <csignal>
#include <string>

#include <gmock/gmock.h>
#include <sys/resource.h>

#include "actors/coordinator/manifest.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/coordinator/files.hpp"

namespace trainyard {
namespace {

using testing::content_of;
using testing::replace_content;
using testing::temp_dir;

listed_asset item(std::uint64_t i) {
  return {std::to_string(i) + ".jpg", i, 0};
}

/// Blocks of 2, 2 and 2 items, synced after each or only at the end.
std::string three_blocks(const std::filesystem::path& file, bool synced, bool sealed) {
  auto writer = manifest_writer::open(file);
  for (std::uint64_t i = 0; i < 6; ++i) {
    EXPECT_TRUE(writer->append(item(i)));
    if (i % 2 == 1) {
      EXPECT_TRUE(synced ? writer->sync() : writer->flush());
    }
  }
  if (sealed) {
    EXPECT_TRUE(writer->seal());
  }
  return content_of(file);
}

TEST(manifest_damage, a_tail_torn_at_any_byte_costs_the_last_block_only) {
  const temp_dir directory;
  const auto file = directory.path() / "manifest";
  const auto whole = three_blocks(file, true, true);
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    replace_content(file, whole.substr(0, cut));
    auto writer = manifest_writer::open(file);
    ASSERT_TRUE(writer) << cut << writer.error().cause;
    ASSERT_FALSE(writer->sealed());
    ASSERT_EQ(writer->size() % 2, 0U);
    ASSERT_EQ(writer->last_path(), writer->size() ? item(writer->size() - 1).path : "");
    for (auto i = writer->size(); i < 6; ++i)
      ASSERT_TRUE(writer->append(item(i)));
    ASSERT_TRUE(writer->seal());
    auto reader = manifest_reader::open(file);
    const auto items = reader->read(0, 100);
    ASSERT_TRUE(items && reader->sealed());
    ASSERT_EQ(items->size(), 6U);
    for (std::uint64_t i = 0; i < 6; ++i)
      ASSERT_EQ((*items)[i], item(i));
  }
}

TEST(manifest_damage, any_flipped_bit_of_a_sealed_listing_is_told_or_harmless) {
  const temp_dir directory;
  const auto file = directory.path() / "manifest";
  const auto whole = three_blocks(file, true, true);
  for (std::size_t bit = 0; bit < whole.size() * 8; bit += 5) { // each byte at one or two bits
    auto damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    replace_content(file, damaged);
    auto writer = manifest_writer::open(file);
    if (!writer) {
      ASSERT_EQ(writer.error().kind, failure_kind::output_corrupt);
      ASSERT_THAT(writer.error().cause, ::testing::HasSubstr("manifest is damaged at byte"));
      continue;
    }
    ASSERT_TRUE(writer->seal()); // damage of the seal alone: listed again from the last path
    auto reader = manifest_reader::open(file);
    ASSERT_TRUE(reader);
    const auto items = reader->read(0, 6);
    if (!items) {
      ASSERT_EQ(items.error().kind, failure_kind::output_corrupt);
      continue;
    }
    ASSERT_EQ(items->size(), 6U) << bit;
    for (std::uint64_t i = 0; i < 6; ++i)
      ASSERT_EQ((*items)[i], item(i));
  }
}

TEST(manifest_damage, damage_below_what_was_durable_is_refused_also_unsealed) {
  const temp_dir directory;
  const auto file = directory.path() / "manifest";
  auto whole = three_blocks(file, true, false);
  whole[60] ^= 1;
  replace_content(file, whole);
  const auto writer = manifest_writer::open(file);
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().kind, failure_kind::output_corrupt);
  EXPECT_THAT(writer.error().cause, ::testing::HasSubstr("at byte 0"));
}

TEST(manifest_damage, a_hole_in_what_was_never_synced_is_a_torn_tail) {
  const temp_dir directory;
  const auto file = directory.path() / "manifest";
  auto whole = three_blocks(file, false, false);
  const auto block = whole.size() / 3;
  whole.replace(block + 10, 60, std::string(60, '\0'));
  replace_content(file, whole);
  const auto writer = manifest_writer::open(file);
  ASSERT_TRUE(writer) << writer.error().cause;
  EXPECT_EQ(writer->size(), 2U);
  EXPECT_LT(content_of(file).size(), whole.size());
}

TEST(manifest_damage, a_foreign_file_is_told_by_readers) {
  const temp_dir directory;
  const auto file = directory.write("manifest", std::string(1'000, 'x'));
  const auto reader = manifest_reader::open(file);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().kind, failure_kind::output_corrupt);
}

TEST(manifest_damage, a_failed_sync_is_not_taken_back_by_a_later_one) {
  const temp_dir directory;
  const auto file = directory.path() / "manifest";
  auto writer = manifest_writer::open(file);
  ASSERT_TRUE(writer->append(item(0)));
  ASSERT_TRUE(writer->sync());
  ASSERT_TRUE(writer->append(item(1)));
  ASSERT_TRUE(writer->flush());
  testing::break_sync_of(file);
  EXPECT_FALSE(writer->sync());
  EXPECT_EQ(writer->durable_size(), 1U);
  EXPECT_FALSE(writer->seal());
  EXPECT_FALSE(writer->sealed());
  auto again = manifest_writer::open(file);
  EXPECT_EQ(again->last_path(), item(1).path);
}

TEST(manifest_damage, no_room_is_told_and_nothing_is_lost_once_there_is_some) {
  const temp_dir directory;
  const auto file = directory.path() / "manifest";
  auto writer = manifest_writer::open(file);
  for (std::uint64_t i = 0; i < 10; ++i)
    ASSERT_TRUE(writer->append(item(i)));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{50, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto sealed = writer->seal();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(sealed);
  EXPECT_EQ(sealed.error().kind, failure_kind::disk_full);
  auto reader = manifest_reader::open(file);
  EXPECT_EQ(reader->size(), 0U);
  ASSERT_TRUE(writer->seal());
  ASSERT_TRUE(reader->refresh());
  EXPECT_EQ(reader->size(), 10U);
  EXPECT_EQ((*reader->read(9, 1))[0], item(9));
}

} // namespace
} // namespace trainyard
