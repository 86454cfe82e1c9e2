// A heap is trimmed when it has grown, and left alone while passes use the same pages again.
#include "actors/device/memory/trim_policy.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

constexpr std::uint64_t mib = 1U << 20;

TEST(trim_policy, the_first_trim_is_always_worth_it) {
  EXPECT_TRUE(trim_policy().is_worth_it(0));
}

TEST(trim_policy, what_every_pass_needs_again_is_left_in_the_heap_for_a_while) {
  trim_policy policy;
  for (int round = 0; round < 3; ++round) {
    policy.trimmed_to(200 * mib);
    for (std::uint64_t pass = 0; pass < trim_policy::most_skipped; ++pass)
      EXPECT_FALSE(policy.is_worth_it((300 + pass) * mib));
    EXPECT_TRUE(policy.is_worth_it(300 * mib)) << "but not for ever";
  }
}

TEST(trim_policy, growth_beyond_that_is_given_back) {
  trim_policy policy;
  policy.trimmed_to(200 * mib);
  EXPECT_FALSE(policy.is_worth_it(300 * mib));
  EXPECT_FALSE(policy.is_worth_it(341 * mib)) << "a quarter more, and the slack";
  EXPECT_TRUE(policy.is_worth_it(342 * mib));
}

TEST(trim_policy, a_heap_that_grows_for_ever_is_trimmed_for_ever) {
  trim_policy policy;
  int trims = 0;
  std::uint64_t footprint = 200 * mib;
  for (int pass = 0; pass < 1000; ++pass) {
    footprint += 10 * mib;
    if (policy.is_worth_it(footprint)) {
      ++trims;
      footprint = 200 * mib;
      policy.trimmed_to(footprint);
    }
    ASSERT_LT(footprint, 260 * mib);
  }
  EXPECT_GT(trims, 100);
}

TEST(trim_policy, a_process_that_shrank_by_itself_does_no_harm) {
  trim_policy policy;
  policy.trimmed_to(200 * mib);
  EXPECT_FALSE(policy.is_worth_it(100 * mib));
  EXPECT_FALSE(policy.is_worth_it(210 * mib));
  EXPECT_TRUE(policy.is_worth_it(217 * mib));
}

} // namespace
} // namespace trainyard
