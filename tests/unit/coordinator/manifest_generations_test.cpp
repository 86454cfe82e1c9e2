// A sealed listing grows by whole generations: what was not sealed never was.
#include <gmock/gmock.h>

#include "actors/coordinator/manifest.hpp"
#include "actors/coordinator/manifest_block.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/coordinator/files.hpp"

namespace trainyard {
namespace {

using testing::content_of;
using testing::replace_content;
using testing::temp_dir;

listed_asset item(std::uint64_t i) {
  return {std::to_string(i) + ".jpg", i, 7};
}

void append(manifest_writer& writer, std::uint64_t first, std::uint64_t end) {
  for (auto i = first; i < end; ++i)
    ASSERT_TRUE(writer.append(item(i)));
}

/// Generations that end with items 300, 310, 310 and 900.
std::string four_generations(const std::filesystem::path& file) {
  auto writer = manifest_writer::open(file).value();
  append(writer, 0, 300);
  EXPECT_TRUE(writer.seal());
  for (const auto& [end, note] :
       std::vector<std::pair<std::uint64_t, std::string>>{{310, "one"}, {310, "two"}, {900, "three"}}) {
    writer.begin_generation();
    append(writer, writer.size(), end);
    EXPECT_TRUE(writer.seal(note));
  }
  return content_of(file);
}

std::string notes_of(const manifest_reader& reader) {
  std::string all;
  for (const auto& each : reader.generations())
    all += std::to_string(each.end_item) + each.note + " ";
  return all;
}

TEST(manifest_generations, are_read_back_with_their_ends_and_notes) {
  const temp_dir directory;
  const auto file = directory.path() / "manifest";
  four_generations(file);
  auto reader = manifest_reader::open(file).value();
  EXPECT_TRUE(reader.sealed());
  EXPECT_EQ(notes_of(reader), "300 310one 310two 900three ");
  const auto items = reader.read(0, 1'000).value();
  ASSERT_EQ(items.size(), 900U);
  for (std::uint64_t i = 0; i < items.size(); ++i)
    ASSERT_EQ(items[i], item(i));
  for (const std::uint64_t far : {899, 0, 305, 600, 1, 899}) // back and forth
    EXPECT_EQ(reader.read(far, 1).value(), std::vector{item(far)});
}

TEST(manifest_generations, one_that_is_not_sealed_is_cut_off_at_the_next_opening) {
  const temp_dir directory;
  const auto file = directory.path() / "manifest";
  const auto whole = four_generations(file);
  {
    auto writer = manifest_writer::open(file).value();
    writer.begin_generation();
    append(writer, 900, 1'500);
    ASSERT_TRUE(writer.sync());
  }
  ASSERT_GT(content_of(file).size(), whole.size());
  auto writer = manifest_writer::open(file).value();
  EXPECT_TRUE(writer.sealed());
  EXPECT_EQ(writer.size(), 900U);
  EXPECT_EQ(content_of(file), whole);
  writer.begin_generation();
  append(writer, 900, 901);
  ASSERT_TRUE(writer.seal("five"));
  EXPECT_EQ(notes_of(manifest_reader::open(file).value()), "300 310one 310two 900three 901five ");
}

TEST(manifest_generations, cut_at_any_byte_whole_generations_stay) {
  const temp_dir directory;
  const auto file = directory.path() / "manifest";
  const auto whole = four_generations(file);
  const auto first_end = whole.find("TYlist", whole.find(item(299).path));
  for (std::size_t cut = whole.size() - 1; cut > first_end + block_header_bytes; cut -= 13) {
    replace_content(file, whole.substr(0, cut));
    const auto writer = manifest_writer::open(file);
    ASSERT_TRUE(writer) << cut << writer.error().cause;
    ASSERT_TRUE(writer->sealed());
    ASSERT_TRUE(writer->size() == 300 || writer->size() == 310) << cut;
  }
}

TEST(manifest_generations, damage_before_a_later_seal_is_told) {
  const temp_dir directory;
  const auto file = directory.path() / "manifest";
  const auto whole = four_generations(file);
  for (std::size_t at = whole.find("one") - block_header_bytes; at < whole.find("one") + 3; ++at) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    replace_content(file, damaged);
    const auto writer = manifest_writer::open(file);
    ASSERT_FALSE(writer) << at;
    EXPECT_EQ(writer.error().kind, failure_kind::output_corrupt);
  }
}

TEST(manifest_generations, a_note_that_is_too_long_is_refused) {
  const temp_dir directory;
  auto writer = manifest_writer::open(directory.path() / "manifest").value();
  EXPECT_FALSE(writer.seal(std::string(longest_note_bytes + 1, 'x')));
  EXPECT_TRUE(writer.seal(std::string(longest_note_bytes, 'x')));
}

} // namespace
} // namespace trainyard
