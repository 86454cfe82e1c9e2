// Memory figures are robust: bounded points, a slope that one outlier cannot move.
#include "actors/coordinator/device_figures.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

TEST(memory_series, keeps_a_bounded_number_of_points_over_any_number_of_batches) {
  memory_series series(64);
  for (std::uint64_t i = 0; i < 100'000; ++i)
    series.add(i * 10);
  EXPECT_LT(series.points().size(), 64U);
  EXPECT_NEAR(series.slope_bytes_per_batch(), 10, 1e-9);
}

TEST(memory_series, one_outlier_does_not_make_a_slope) {
  memory_series series;
  for (int i = 0; i < 100; ++i)
    series.add(i == 90 ? 1'000'000'000 : 1'000'000);
  EXPECT_EQ(series.slope_bytes_per_batch(), 0);
  EXPECT_EQ(series.steady_bytes(), 1'000'000U);
}

TEST(memory_series, says_nothing_wrong_of_one_or_no_point) {
  memory_series series;
  EXPECT_EQ(series.steady_bytes(), 0U);
  series.add(5);
  EXPECT_EQ(series.slope_bytes_per_batch(), 0);
  EXPECT_EQ(series.steady_bytes(), 5U);
}

TEST(device_figures, keeps_two_machines_devices_of_one_name_apart) {
  device_figures figures;
  batch_result done;
  done.device = "cuda:0";
  done.embedded.resize(3);
  done.memory.after_bytes = 7;
  done.memory.peak_bytes = 9;
  for (const auto* node : {"a", "b", "a"}) {
    done.node = node;
    figures.add(done);
  }
  ASSERT_EQ(figures.devices().size(), 2U);
  EXPECT_EQ(figures.devices().at("a/cuda:0").images, 6U);
  EXPECT_EQ(figures.devices().at("a/cuda:0").batches, 2U);
  EXPECT_EQ(figures.devices().at("b/cuda:0").after_first_batch_bytes, 7U);
}

TEST(device_figures, adds_up_collections_by_reason_and_keeps_the_last_size_of_a_pass) {
  device_figures figures;
  batch_result done;
  done.device = "cuda:0";
  done.memory.collections = {.interval = 1, .soft_mark = 2, .hard_mark = 3, .out_of_memory = 4};
  done.memory.collection_seconds = 0.5;
  done.memory.micro_batch = 16;
  figures.add(done);
  done.memory.micro_batch = 8;
  figures.add(done);
  const auto& totals = figures.devices().at("/cuda:0");
  EXPECT_EQ(totals.collections, (collection_counts{2, 4, 6, 8}));
  EXPECT_EQ(totals.collection_seconds, 1.0);
  EXPECT_EQ(totals.micro_batch, 8U);
}

} // namespace
} // namespace trainyard
