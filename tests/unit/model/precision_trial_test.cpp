// Which precision a machine embeds in: the faster one, as long as it is the same space.
#include "actors/device/model/precision_trial.hpp"

#include <gtest/gtest.h>

#include "actors/device/model/golden_reference.hpp"
#include "tests/unit/model/photos.hpp"

namespace trainyard {
namespace {

using namespace trainyard::testing;

TEST(precision_trial, the_faster_one_is_chosen_when_it_stays_within_the_space) {
  EXPECT_EQ(chosen_precision({{"fp32", 1.0, 10}, {"bf16", 0.9999, 20}}), "bf16");
  EXPECT_EQ(chosen_precision({{"fp32", 1.0, 10}, {"bf16", 0.9989, 20}}), "fp32");
  EXPECT_EQ(chosen_precision({{"fp32", 1.0, 10}, {"bf16", 0.9999, 5}}), "fp32");
}

TEST(precision_trial, what_is_hardly_faster_is_not_worth_its_rounding) {
  EXPECT_EQ(chosen_precision({{"fp32", 1.0, 10}, {"bf16", 0.9999, 10.9}}), "fp32");
}

TEST(precision_trial, both_are_measured_against_the_golden_vectors) {
  const auto folder = std::filesystem::path(TRAINYARD_TEST_TOWERS) / "clip-b32";
  const auto golden = golden_set_of(folder).value();
  const auto outcomes = try_precisions(folder, {}, golden, {.max_micro_batch = 16, .cpu_threads = 2}).value();
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(outcomes[0].precision, "fp32");
  EXPECT_GE(outcomes[0].least_cosine, 0.99999);
  EXPECT_EQ(outcomes[1].precision, "bf16");
  EXPECT_GE(outcomes[1].least_cosine, 0.999);
  EXPECT_LT(outcomes[1].least_cosine, outcomes[0].least_cosine);
  EXPECT_GT(outcomes[1].images_per_second, 0);
}

} // namespace
} // namespace trainyard
