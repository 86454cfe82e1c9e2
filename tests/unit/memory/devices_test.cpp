// What --device selects on a machine whose LibTorch may have no accelerator at all.
#include "actors/device/memory/devices.hpp"

#include <gmock/gmock.h>

namespace trainyard {
namespace {

using ::testing::HasSubstr;

TEST(devices, the_cpu_is_always_there_and_comes_last) {
  const auto all = all_devices();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.back().id, "cpu");
  EXPECT_FALSE(all.back().name.empty());
}

TEST(devices, auto_means_the_accelerators_or_else_the_cpu) {
  const auto chosen = enumerate_devices("auto");
  ASSERT_TRUE(chosen.has_value());
  ASSERT_FALSE(chosen->empty());
  EXPECT_EQ(chosen->front().is_cpu(), all_devices().size() == 1);
}

TEST(devices, a_device_named_twice_or_with_spaces_is_taken_once) {
  const auto chosen = enumerate_devices("cpu, cpu:0 ,\tcpu");
  ASSERT_TRUE(chosen.has_value());
  EXPECT_EQ(chosen->size(), 1U);
  EXPECT_EQ(chosen->front().id, "cpu");
}

TEST(devices, what_is_not_here_is_refused_with_a_list_of_what_is) {
  for (const auto* selection : {"cuda:99", "tpu", "", ",", "cpu,", "cpu:1", "cuda:-1",
                                "cuda:18446744073709551616", "CPU", "cpu;mps", "auto:0"}) {
    const auto chosen = enumerate_devices(selection);
    ASSERT_FALSE(chosen.has_value()) << selection;
    EXPECT_EQ(chosen.error().kind, failure_kind::device_unavailable);
    EXPECT_THAT(chosen.error().remedy, HasSubstr("cpu"));
  }
}

} // namespace
} // namespace trainyard
