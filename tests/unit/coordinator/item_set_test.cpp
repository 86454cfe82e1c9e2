// Numbers in any order, out again in rising order, also by way of a file.
#include "actors/coordinator/item_set.hpp"

#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace trainyard {
namespace {

std::vector<std::uint64_t> all_of(const item_set& set) {
  std::vector<std::uint64_t> items;
  for (auto item = set.next(0); item; item = set.next(*item + 1))
    items.push_back(*item);
  return items;
}

TEST(item_set, gives_back_what_was_added_in_rising_order_and_once) {
  const std::set<std::uint64_t> items{0, 1, 63, 64, 65'535, 65'536, 65'599, 200'000, 5'000'000'000};
  item_set set;
  for (auto each = items.rbegin(); each != items.rend(); ++each) {
    set.add(*each);
    set.add(*each);
  }
  EXPECT_EQ(set.size(), items.size());
  EXPECT_EQ(all_of(set), std::vector(items.begin(), items.end()));
  EXPECT_EQ(set.next(65'600), 200'000U);
  EXPECT_EQ(set.next(5'000'000'001), std::nullopt);
}

TEST(item_set, is_the_same_after_a_file) {
  item_set set;
  for (std::uint64_t i = 0; i < 300'000; i += 7)
    set.add(i * i % 300'007);
  const auto read = item_set::from_bytes(set.to_bytes());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size(), set.size());
  EXPECT_EQ(all_of(*read), all_of(set));
  EXPECT_TRUE(item_set::from_bytes("")->next(0) == std::nullopt);
  EXPECT_FALSE(item_set::from_bytes("rubbish"));
}

TEST(item_set, takes_an_eighth_of_a_byte_for_each_item_and_little_where_few_are) {
  item_set dense;
  for (std::uint64_t i = 0; i < 1'000'000; ++i)
    dense.add(i);
  EXPECT_LT(dense.to_bytes().size(), 1'000'000 / 8 + 10'000);
  item_set sparse;
  sparse.add(99'999'999);
  EXPECT_LT(sparse.to_bytes().size(), 10'000U);
}

} // namespace
} // namespace trainyard
