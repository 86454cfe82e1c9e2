// A choice of precision holds across runs, per model and device.
#include "actors/device/model/precision_store.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using trainyard::testing::temp_dir;

const std::vector<precision_outcome> faster{{"fp32", 1, 10}, {"bf16", 0.9999, 20}};
const std::vector<precision_outcome> slower{{"fp32", 1, 10}, {"bf16", 0.9999, 5}};

TEST(precision_store, a_choice_is_recalled_for_its_model_device_and_threads_alone) {
  const temp_dir dir;
  const precision_store store(dir.path() / "state/precisions.json");
  const precision_key key{"space", "cpu", "EPYC", 2};
  EXPECT_EQ(store.recall(key).value(), std::nullopt);
  ASSERT_TRUE(store.remember(key, faster).has_value());
  EXPECT_EQ(precision_store(dir.path() / "state/precisions.json").recall(key).value(), "bf16");
  for (const auto& other :
       {precision_key{"other", "cpu", "EPYC", 2}, precision_key{"space", "cpu", "Xeon", 2},
        precision_key{"space", "cpu", "EPYC", 4}, precision_key{"space", "cuda", "EPYC", 2}})
    EXPECT_EQ(store.recall(other).value(), std::nullopt);
}

TEST(precision_store, the_latest_measurement_holds) {
  const temp_dir dir;
  const precision_store store(dir.path() / "precisions.json");
  const precision_key key{"space", "cpu", "name\xff", 1};
  ASSERT_TRUE(store.remember(key, faster).has_value());
  ASSERT_TRUE(store.remember(key, slower).has_value());
  EXPECT_EQ(store.recall(key).value(), "fp32");
}

TEST(precision_store, a_damaged_file_is_an_error_and_can_be_replaced) {
  const temp_dir dir;
  const precision_store store(dir.write("precisions.json", "{"));
  const precision_key key{"space", "cpu", "EPYC", 2};
  EXPECT_EQ(store.recall(key).error().kind, failure_kind::config_invalid);
  ASSERT_TRUE(store.remember(key, slower).has_value());
  EXPECT_EQ(store.recall(key).value(), "fp32");
}

} // namespace
} // namespace trainyard
