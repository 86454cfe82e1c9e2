// What auto becomes per kind of device.
#include "config/device_defaults.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

void expect_defaults(std::string_view kind, std::int64_t batch, std::int64_t interval) {
  const auto is = device_defaults_of(kind);
  EXPECT_EQ(is.gpu_batch_size, batch) << kind;
  EXPECT_EQ(is.gpu_memory_cleanup_interval, interval) << kind;
}

TEST(device_defaults, follow_the_kind_and_ignore_the_index) {
  expect_defaults("mps", 8, 30);
  expect_defaults("mps:0", 8, 30);
  expect_defaults("cuda", 16, 50);
  expect_defaults("cuda:7", 16, 50);
  expect_defaults("cpu", 32, 50);
}

TEST(device_defaults, unknown_kinds_get_the_older_services_numbers) {
  expect_defaults("xpu:1", 16, 50);
  expect_defaults("", 16, 50);
}

} // namespace
} // namespace trainyard
