// What LibTorch's allocators are told, and that the user's own word counts more.
#include "actors/device/memory/allocator_settings.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace trainyard {
namespace {

constexpr const char* high = "PYTORCH_MPS_HIGH_WATERMARK_RATIO";
constexpr const char* low = "PYTORCH_MPS_LOW_WATERMARK_RATIO";

struct allocator_bench : ::testing::Test {
  void SetUp() override { clear(); }
  void TearDown() override { clear(); }
  static void clear() {
    ::unsetenv(high);
    ::unsetenv(low);
  }
};

TEST_F(allocator_bench, the_text_is_what_libtorch_parses) {
  EXPECT_EQ(allocator_text({}), "per_process_memory_fraction:0.9,expandable_segments:True,"
                                "garbage_collection_threshold:0.8");
  EXPECT_EQ(allocator_text({1.0, false, 0.0}), "per_process_memory_fraction:1,expandable_segments:False");
}

TEST_F(allocator_bench, what_the_user_has_set_stays_and_the_rest_is_added) {
  EXPECT_EQ(allocator_text({}, "max_split_size_mb:128,expandable_segments:False"),
            "max_split_size_mb:128,expandable_segments:False,per_process_memory_fraction:0.9,"
            "garbage_collection_threshold:0.8");
}

TEST_F(allocator_bench, both_watermarks_of_mps_are_set_and_the_low_one_is_below_the_high_one) {
  ASSERT_TRUE(apply({.memory_fraction = 0.8}));
  ASSERT_NE(std::getenv(high), nullptr);
  ASSERT_NE(std::getenv(low), nullptr);
  EXPECT_EQ(std::stod(std::getenv(high)), 0.8);
  EXPECT_LT(std::stod(std::getenv(low)), 0.8);
}

TEST_F(allocator_bench, a_watermark_that_the_user_set_is_left_alone_and_so_is_its_pair) {
  ::setenv(low, "1.1", 1);
  const auto said = apply({}).value();
  EXPECT_NE(said.find("as in the environment"), std::string::npos);
  EXPECT_STREQ(std::getenv(low), "1.1");
  EXPECT_EQ(std::getenv(high), nullptr);
}

} // namespace
} // namespace trainyard
