// Items to batches, at the edges.
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "actors/coordinator/session_plan.hpp"

namespace trainyard {
namespace {

TEST(session_plan, plans_whole_batches_only_until_the_listing_is_sealed) {
  session_plan plan(16);
  EXPECT_EQ(plan.batches(), 0U);
  plan.listed(15, false);
  EXPECT_EQ(plan.batches(), 0U);
  plan.listed(35, false);
  EXPECT_EQ(plan.batches(), 2U);
  EXPECT_EQ(plan.items_of(2), (item_range{35, 0}));
  plan.listed(35, true);
  EXPECT_EQ(plan.batches(), 3U);
  EXPECT_EQ(plan.items_of(2), (item_range{32, 3}));
}

TEST(session_plan, covers_every_item_exactly_once) {
  for (const std::uint64_t size : {1, 2, 7, 64})
    for (const std::uint64_t items : {0, 1, 6, 7, 8, 64, 1000}) {
      session_plan plan(size);
      plan.listed(items, true);
      std::uint64_t next = 0;
      for (std::uint64_t batch = 0; batch < plan.batches(); ++batch) {
        const auto range = plan.items_of(batch);
        EXPECT_EQ(range.first, next);
        EXPECT_GT(range.count, 0U);
        EXPECT_EQ(plan.batch_of(range.first), batch);
        EXPECT_EQ(plan.batch_of(range.first + range.count - 1), batch);
        next += range.count;
      }
      EXPECT_EQ(next, items);
    }
}

TEST(session_plan, each_generation_begins_a_batch_and_numbers_go_on) {
  session_plan plan(4);
  plan.listed(6, true);
  plan.begin_generation(); // of nothing
  plan.listed(6, true);
  plan.begin_generation();
  plan.listed(15, false);
  EXPECT_EQ(plan.batches(), 4U);
  plan.listed(15, true);
  EXPECT_EQ(plan.batches(), 5U);
  EXPECT_EQ(plan.generation(), 2U);
  EXPECT_EQ(plan.first_batch(), 2U);
  EXPECT_EQ(plan.first_item(), 6U);
  const std::vector<item_range> wanted{{0, 4}, {4, 2}, {6, 4}, {10, 4}, {14, 1}};
  for (std::uint64_t batch = 0; batch < wanted.size(); ++batch) {
    EXPECT_EQ(plan.items_of(batch), wanted[batch]);
    for (auto item = wanted[batch].first; item < wanted[batch].end(); ++item)
      EXPECT_EQ(plan.batch_of(item), batch);
  }
  EXPECT_EQ(plan.items_of(5).count, 0U);
  EXPECT_EQ(plan.items_of(0, 5), (item_range{0, 15}));
  EXPECT_EQ(plan.items_of(1, 3), (item_range{4, 6}));
  EXPECT_EQ(plan.items_of(2, 2).count, 0U);
}

TEST(session_plan, holds_at_the_end_of_the_numbers) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  session_plan plan(64);
  plan.listed(most, true);
  EXPECT_EQ(plan.items_of(plan.batches() - 1).count, most % 64);
  EXPECT_EQ(plan.items_of(most).count, 0U);
}

} // namespace
} // namespace trainyard
