// New, changed and vanished files are told apart by one pass over both listings.
#include "actors/coordinator/listing_comparison.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

manifest_reader manifest_of(const testing::temp_dir& dir, const std::vector<listed_asset>& items) {
  const auto file = dir.path() / "manifest";
  auto writer = manifest_writer::open(file).value();
  for (const auto& item : items)
    EXPECT_TRUE(writer.append(item));
  EXPECT_TRUE(writer.seal());
  return manifest_reader::open(file).value();
}

listing_changes compare(const std::vector<listed_asset>& before, const std::vector<listed_asset>& now) {
  const testing::temp_dir dir;
  listing_comparison comparison(manifest_of(dir, before));
  for (const auto& each : now)
    EXPECT_TRUE(comparison.found(each));
  return comparison.end();
}

TEST(listing_comparison, finds_nothing_where_nothing_changed) {
  const std::vector<listed_asset> items{{"a", 1, 1}, {"b/c", 2, 2}, {"d", 3, 3}};
  EXPECT_FALSE(compare(items, items).any());
}

TEST(listing_comparison, tells_new_changed_and_gone_apart) {
  const auto changes = compare({{"a", 1, 1}, {"b", 2, 2}, {"d", 3, 3}, {"z", 9, 9}},
                               {{"a", 1, 1}, {"b", 2, 5}, {"c", 3, 3}, {"d", 4, 3}});
  EXPECT_EQ(changes.added, 1U);
  EXPECT_EQ(changes.changed, 2U);
  EXPECT_EQ(changes.gone, 1U);
}

TEST(listing_comparison, counts_right_over_many_blocks) {
  std::vector<listed_asset> before;
  std::vector<listed_asset> now;
  for (int i = 0; i < 3000; ++i) {
    const auto name = std::to_string(100'000 + i);
    if (i % 3 != 0)
      before.push_back({name, 1, 1});
    if (i % 5 != 0)
      now.push_back({name, 1, i % 7 == 0 ? 2 : 1});
  }
  std::uint64_t added = 0, changed = 0, gone = 0;
  for (int i = 0; i < 3000; ++i) {
    added += i % 3 == 0 && i % 5 != 0;
    gone += i % 3 != 0 && i % 5 == 0;
    changed += i % 3 != 0 && i % 5 != 0 && i % 7 == 0;
  }
  const auto changes = compare(before, now);
  EXPECT_EQ(changes.added, added);
  EXPECT_EQ(changes.changed, changed);
  EXPECT_EQ(changes.gone, gone);
}

TEST(listing_comparison, an_empty_directory_has_lost_everything) {
  EXPECT_EQ(compare({{"a", 1, 1}}, {}).gone, 1U);
}

} // namespace
} // namespace trainyard
