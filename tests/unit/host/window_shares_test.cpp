// Batches in flight are shared by weight, and nobody is left without.
#include "actors/coordinator/host/window_shares.hpp"

#include <gmock/gmock.h>

namespace trainyard {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(window_shares, one_session_gets_twice_what_the_workers_hold) {
  EXPECT_THAT(window_shares({{"a", 1}}, 10), ElementsAre(20));
  EXPECT_THAT(window_shares({{"a", 0.01}}, 10), ElementsAre(20));
}

TEST(window_shares, several_get_their_weights_part_rounded_up) {
  EXPECT_THAT(window_shares({{"a", 3}, {"b", 1}}, 10), ElementsAre(15, 5));
  EXPECT_THAT(window_shares({{"a", 1}, {"b", 1}, {"c", 1}}, 5), ElementsAre(4, 4, 4));
}

TEST(window_shares, the_lightest_has_at_least_one) {
  EXPECT_THAT(window_shares({{"a", 1000}, {"b", 0.01}}, 4), ElementsAre(8, 1));
}

TEST(window_shares, without_workers_a_few_lie_ready) {
  EXPECT_THAT(window_shares({{"a", 1}}, 0), ElementsAre(4));
  EXPECT_THAT(window_shares({{"a", 1}, {"b", 1}}, 0), ElementsAre(2, 2));
}

TEST(window_shares, nobody_shares_nothing) {
  EXPECT_THAT(window_shares({}, 10), IsEmpty());
}

} // namespace
} // namespace trainyard
