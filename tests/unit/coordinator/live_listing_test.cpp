// Runs of items in path order, written and read as a stream.
#include "actors/coordinator/live_listing.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"
#include "tests/unit/coordinator/files.hpp"

namespace trainyard {
namespace {

using testing::temp_dir;

/// Generations of 600 and 10 items; item i has time i.
manifest_reader manifest_in(const temp_dir& dir) {
  auto writer = manifest_writer::open(dir.path() / "manifest").value();
  for (std::int64_t i = 0; i < 610; ++i) {
    if (i == 600) {
      EXPECT_TRUE(writer.seal());
      writer.begin_generation();
    }
    EXPECT_TRUE(writer.append({"p" + std::to_string(i), 1, i}));
  }
  EXPECT_TRUE(writer.seal("note"));
  return manifest_reader::open(dir.path() / "manifest").value();
}

std::vector<live_item> all_of(live_listing& listing) {
  std::vector<live_item> items;
  for (auto next = listing.next(); next && *next; next = listing.next())
    items.push_back(std::move(**next));
  return items;
}

generation_note written(const generation_files& files) {
  generation_note note;
  note.generation = 1;
  live_listing_writer writer(files.live(1));
  for (std::uint64_t i = 0; i < 300; ++i)
    EXPECT_TRUE(writer.add(i));
  EXPECT_TRUE(writer.add(605));
  EXPECT_TRUE(writer.add(300, 77'000)); // touched
  EXPECT_TRUE(writer.add(301));
  EXPECT_TRUE(writer.add(606));
  EXPECT_TRUE(writer.finish(note));
  return note;
}

TEST(live_listing, of_the_first_generation_is_all_of_it_and_nothing_of_the_next) {
  const temp_dir dir;
  auto listing = live_listing::of_first_generation(manifest_in(dir));
  const auto items = all_of(listing);
  ASSERT_EQ(items.size(), 600U);
  EXPECT_EQ(items[599].asset.path, "p599");
}

TEST(live_listing, gives_back_items_of_several_generations_with_the_times_of_touched_ones) {
  const temp_dir dir;
  const generation_files files{dir.path()};
  auto manifest = manifest_in(dir);
  const auto note = written(files);
  EXPECT_EQ(note.live_items, 304U);
  EXPECT_EQ(note.live_bytes, 5 * 24U) << "runs, not items";
  auto listing = live_listing::open(std::move(manifest), files, note).value();
  const auto items = all_of(listing);
  ASSERT_EQ(items.size(), 304U);
  EXPECT_EQ(items[299].asset, (listed_asset{"p299", 1, 299}));
  EXPECT_EQ(items[300].item, 605U);
  EXPECT_EQ(items[301].asset, (listed_asset{"p300", 1, 77'000}));
  EXPECT_TRUE(items[301].touched);
  EXPECT_EQ(items[302].asset, (listed_asset{"p301", 1, 301}));
  EXPECT_FALSE(items[302].touched);
  EXPECT_EQ(items[303].asset.path, "p606");
  EXPECT_FALSE(listing.next().value()) << "the end is the end";
}

TEST(live_listing, every_damaged_byte_is_told_at_the_end_at_the_latest) {
  const temp_dir dir;
  const generation_files files{dir.path()};
  manifest_in(dir);
  const auto note = written(files);
  const auto whole = testing::content_of(files.live(1));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 2);
    testing::replace_content(files.live(1), damaged);
    auto listing =
        live_listing::open(manifest_reader::open(dir.path() / "manifest").value(), files, note).value();
    auto next = listing.next();
    for (int i = 0; i < 2'000 && next && *next; ++i)
      next = listing.next();
    ASSERT_FALSE(next.has_value()) << at;
    EXPECT_EQ(next.error().kind, failure_kind::output_corrupt);
  }
  testing::replace_content(files.live(1), whole.substr(24));
  EXPECT_FALSE(live_listing::open(manifest_reader::open(dir.path() / "manifest").value(), files, note));
}

TEST(live_listing, what_is_discarded_leaves_no_file_and_a_short_one_never_makes_one) {
  const temp_dir dir;
  live_listing_writer writer(dir.path() / "live-1");
  ASSERT_TRUE(writer.add(3));
  ASSERT_TRUE(writer.discard());
  live_listing_writer longer(dir.path() / "live-1");
  for (std::uint64_t i = 0; i < 10'000; i += 2)
    ASSERT_TRUE(longer.add(i));
  EXPECT_TRUE(std::filesystem::exists(dir.path() / "live-1"));
  ASSERT_TRUE(longer.discard());
  EXPECT_FALSE(std::filesystem::exists(dir.path() / "live-1"));
}

TEST(generation_files, only_the_newest_generation_s_stay_and_what_is_not_ours) {
  const temp_dir dir;
  for (const auto* name : {"live-1", "live-12", "superseded-1", "superseded-12", "superseded-2.tmp",
                           "live-cat.jpg", "manifest", "live-"})
    dir.write(name, "x");
  ASSERT_TRUE(generation_files{dir.path()}.remove_all_but(12));
  std::string left;
  for (const auto* name :
       {"live-1", "live-12", "superseded-1", "superseded-12", "superseded-2.tmp", "live-cat.jpg", "manifest"})
    left += std::filesystem::exists(dir.path() / name) ? std::string(name) + " " : "";
  EXPECT_EQ(left, "live-12 superseded-12 live-cat.jpg manifest ");
}

TEST(generation_note, is_the_same_after_its_text_and_rubbish_is_told) {
  generation_note note;
  note.generation = 7;
  note.live_sha256 = std::string(64, 'a');
  note.superseded_sha256 = std::string(64, 'b');
  note.live_items = note.live_bytes = note.superseded = note.superseded_failed = ~0ULL;
  note.changes = {~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL};
  EXPECT_LT(to_text(note).size(), 1'024U);
  const auto read = generation_note_in(to_text(note)).value();
  EXPECT_EQ(to_text(read), to_text(note));
  EXPECT_EQ(generation_note_in("{}").error().kind, failure_kind::output_corrupt);
}

} // namespace
} // namespace trainyard
