// What a device learns of its room: downward at once, upward slowly, always in the shapes that passes have.
#include "actors/device/memory/batch_ceiling.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

void pass_full(batch_ceiling& ceiling, std::uint32_t times) {
  for (std::uint32_t i = 0; i < times; ++i)
    ceiling.fitted(ceiling.size());
}

TEST(pass_shapes, are_powers_of_two_up_to_the_most) {
  EXPECT_EQ(bucket_of(1, 16), 1U);
  EXPECT_EQ(bucket_of(2, 16), 2U);
  EXPECT_EQ(bucket_of(3, 16), 4U);
  EXPECT_EQ(bucket_of(9, 16), 16U);
  EXPECT_EQ(bucket_of(9, 12), 12U);
  EXPECT_EQ(bucket_of(12, 12), 12U);
  EXPECT_EQ(bucket_of(1, 1), 1U);
}

TEST(pass_shapes, step_down_and_up_through_powers_of_two_and_the_largest) {
  EXPECT_EQ(smaller_bucket(24), 16U);
  EXPECT_EQ(smaller_bucket(16), 8U);
  EXPECT_EQ(smaller_bucket(2), 1U);
  EXPECT_EQ(smaller_bucket(1), 1U);
  EXPECT_EQ(larger_bucket(1, 24), 2U);
  EXPECT_EQ(larger_bucket(16, 24), 24U);
  EXPECT_EQ(larger_bucket(24, 24), 24U);
  for (std::size_t most = 1; most <= 40; ++most)
    for (std::size_t images = 1; images <= most; ++images) {
      const auto rows = bucket_of(images, most);
      EXPECT_GE(rows, images);
      EXPECT_EQ(bucket_of(rows, most), rows) << "a shape is padded to itself";
      EXPECT_EQ(bucket_of(smaller_bucket(rows), most), smaller_bucket(rows));
    }
}

TEST(batch_ceiling, starts_at_what_the_user_wants_and_remembers_nothing) {
  const batch_ceiling ceiling(16);
  EXPECT_EQ(ceiling.size(), 16U);
  EXPECT_EQ(ceiling.learned(), std::nullopt);
}

TEST(batch_ceiling, steps_down_shape_by_shape_to_one) {
  batch_ceiling ceiling(24);
  for (const auto next : {16U, 8U, 4U, 2U, 1U, 1U}) {
    ceiling.did_not_fit(ceiling.size());
    EXPECT_EQ(ceiling.size(), next);
  }
  EXPECT_EQ(ceiling.learned(), 1U);
}

TEST(batch_ceiling, a_short_micro_batch_that_does_not_fit_counts_as_the_shape_it_was_padded_to) {
  batch_ceiling ceiling(16);
  ceiling.did_not_fit(5); // ran as 8
  EXPECT_EQ(ceiling.size(), 4U);
}

TEST(batch_ceiling, starts_at_what_an_earlier_life_learned) {
  EXPECT_EQ(batch_ceiling(16, 4).size(), 4U);
  EXPECT_EQ(batch_ceiling(16, 4).learned(), 4U);
  EXPECT_EQ(batch_ceiling(4, 16).size(), 4U) << "the user wants less now";
  EXPECT_EQ(batch_ceiling(16, 0).size(), 1U);
  EXPECT_EQ(batch_ceiling(0).size(), 1U);
}

TEST(batch_ceiling, probes_the_next_shape_after_enough_full_passes_and_keeps_it_when_it_fits) {
  batch_ceiling ceiling(16);
  ceiling.did_not_fit(16);
  ceiling.did_not_fit(8);
  pass_full(ceiling, batch_ceiling::first_wait - 1);
  EXPECT_EQ(ceiling.size(), 4U);
  pass_full(ceiling, 1);
  EXPECT_EQ(ceiling.size(), 8U) << "the probe";
  EXPECT_EQ(ceiling.current(), 4U);
  ceiling.fitted(8);
  EXPECT_EQ(ceiling.learned(), 8U);
  pass_full(ceiling, batch_ceiling::first_wait + 1);
  EXPECT_EQ(ceiling.size(), 16U);
  EXPECT_EQ(ceiling.learned(), std::nullopt) << "nothing is left to remember";
}

TEST(batch_ceiling, what_was_inherited_is_probed_soon) {
  batch_ceiling ceiling(16, 1);
  pass_full(ceiling, 4 * (batch_ceiling::inherited_wait + 1));
  EXPECT_EQ(ceiling.learned(), std::nullopt);
}

TEST(batch_ceiling, a_probe_that_needs_help_is_no_proof_and_ends) {
  batch_ceiling ceiling(16, 4);
  pass_full(ceiling, batch_ceiling::inherited_wait);
  ASSERT_EQ(ceiling.size(), 8U);
  ceiling.fitted_with_help(8);
  EXPECT_EQ(ceiling.size(), 4U);
  EXPECT_EQ(ceiling.learned(), 4U);
  ceiling.fitted_with_help(4);
  EXPECT_EQ(ceiling.size(), 4U) << "the size in use stays";
}

TEST(batch_ceiling, passes_that_are_not_full_prove_nothing) {
  batch_ceiling ceiling(16, 8);
  for (std::uint32_t i = 0; i < 10 * batch_ceiling::first_wait; ++i)
    ceiling.fitted(2);
  EXPECT_EQ(ceiling.size(), 8U);
}

TEST(batch_ceiling, a_probe_that_fails_doubles_the_wait_up_to_a_bound) {
  batch_ceiling ceiling(16, 4);
  std::uint32_t wait = batch_ceiling::inherited_wait;
  for (int probe = 0; probe < 10; ++probe) {
    pass_full(ceiling, wait - 1);
    ASSERT_EQ(ceiling.size(), 4U);
    pass_full(ceiling, 1);
    ASSERT_EQ(ceiling.size(), 8U);
    ceiling.did_not_fit(8);
    ASSERT_EQ(ceiling.size(), 4U);
    EXPECT_EQ(ceiling.learned(), 4U);
    wait = std::clamp(wait * 2, batch_ceiling::first_wait, batch_ceiling::longest_wait);
  }
}

TEST(batch_ceiling, pressure_from_others_shrinks_passes_and_teaches_nothing) {
  batch_ceiling ceiling(16);
  ceiling.under_pressure();
  ceiling.under_pressure();
  EXPECT_EQ(ceiling.size(), 4U);
  EXPECT_EQ(ceiling.learned(), std::nullopt);
  pass_full(ceiling, 2 * (batch_ceiling::first_wait + 1));
  EXPECT_EQ(ceiling.size(), 16U) << "it recovers";
}

TEST(batch_ceiling, a_shortage_while_others_press_teaches_nothing_either) {
  batch_ceiling ceiling(16);
  ceiling.under_pressure();
  ceiling.under_pressure();
  ceiling.did_not_fit(4);
  EXPECT_EQ(ceiling.size(), 2U);
  EXPECT_EQ(ceiling.learned(), std::nullopt);
}

} // namespace
} // namespace trainyard
