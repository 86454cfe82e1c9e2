// The k best are those of a full sort, for any order of offers and any split among threads.
#include "actors/search/best_rows.hpp"

#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace trainyard {
namespace {

TEST(best_rows, are_those_of_a_full_sort_also_with_many_equal_scores) {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<scored_row> all(random() % 300);
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i] = {static_cast<float>(random() % 20), i};
    const std::size_t k = random() % 40;
    std::vector<best_rows> parts(1 + random() % 4, best_rows(k));
    auto shuffled = all;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    for (const auto& each : shuffled)
      parts[random() % parts.size()].offer(each);
    for (std::size_t i = 1; i < parts.size(); ++i)
      parts[0].merge(parts[i]);
    std::sort(all.begin(), all.end(), is_better);
    all.resize(std::min(all.size(), k));
    EXPECT_EQ(parts[0].sorted(), all);
  }
}

TEST(best_rows, equal_scores_stand_in_row_order) {
  best_rows best(2);
  for (const std::uint64_t row : {9, 4, 7, 5})
    best.offer({0.5F, row});
  EXPECT_EQ(best.sorted(), (std::vector<scored_row>{{0.5F, 4}, {0.5F, 5}}));
}

TEST(best_rows, what_is_not_finite_is_counted_and_never_found) {
  best_rows best(3);
  for (const float score : {std::numeric_limits<float>::quiet_NaN(), 0.1F,
                            std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()})
    best.offer({score, 0});
  EXPECT_EQ(best.sorted().size(), 1);
  EXPECT_EQ(best.not_finite(), 3);
}

} // namespace
} // namespace trainyard
