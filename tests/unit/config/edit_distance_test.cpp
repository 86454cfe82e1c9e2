// Near words are found, far ones are not offered.
#include "config/edit_distance.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

TEST(edit_distance, counts_insertions_deletions_substitutions_and_swaps) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("device", "devcie"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("GPU-batch", "gpu_batch"), 0U);
}

TEST(nearest, offers_the_nearest_and_nothing_when_all_are_far) {
  nearest near("rnu");
  near.consider("version", "version");
  near.consider("run", "run");
  EXPECT_EQ(near.found(), "run");
  nearest far("photographs");
  far.consider("run", "run");
  EXPECT_EQ(far.found(), std::nullopt);
}

TEST(nearest, shares_no_letter_with_nothing) {
  nearest near("ab");
  near.consider("xy", "xy");
  EXPECT_EQ(near.found(), std::nullopt);
}

} // namespace
} // namespace trainyard
