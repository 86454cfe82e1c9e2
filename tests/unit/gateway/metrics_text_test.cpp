// Both formats, character by character.
#include "nodes/metrics/metrics_text.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace trainyard {
namespace {

std::string written(metrics_format format) {
  metrics_text text(format);
  text.family("trainyard_device_images", metric_type::counter, "", "Images.");
  text.sample(3, {{"node", "a\"b\\c\nd"}, {"device", "cuda:0"}});
  text.family("trainyard_memory_bytes", metric_type::gauge, "bytes", "Memory.");
  text.sample(0.25);
  text.family("trainyard_build", metric_type::info, "", "Build.");
  text.sample(1, {{"version", "1"}});
  return std::move(text).finish();
}

TEST(metrics_text, is_prometheus_by_default) {
  EXPECT_EQ(metrics_format_of("text/plain;version=0.0.4"), metrics_format::prometheus);
  EXPECT_EQ(written(metrics_format::prometheus),
            "# HELP trainyard_device_images_total Images.\n"
            "# TYPE trainyard_device_images_total counter\n"
            "trainyard_device_images_total{node=\"a\\\"b\\\\c\\nd\",device=\"cuda:0\"} 3\n"
            "# HELP trainyard_memory_bytes Memory.\n"
            "# TYPE trainyard_memory_bytes gauge\n"
            "trainyard_memory_bytes 0.25\n"
            "# HELP trainyard_build_info Build.\n"
            "# TYPE trainyard_build_info gauge\n"
            "trainyard_build_info{version=\"1\"} 1\n");
}

TEST(metrics_text, is_open_metrics_for_those_who_ask) {
  EXPECT_EQ(metrics_format_of("application/openmetrics-text; version=1.0.0,text/plain;q=0.5"),
            metrics_format::open_metrics);
  EXPECT_EQ(written(metrics_format::open_metrics),
            "# HELP trainyard_device_images Images.\n"
            "# TYPE trainyard_device_images counter\n"
            "trainyard_device_images_total{node=\"a\\\"b\\\\c\\nd\",device=\"cuda:0\"} 3\n"
            "# HELP trainyard_memory_bytes Memory.\n"
            "# TYPE trainyard_memory_bytes gauge\n"
            "# UNIT trainyard_memory_bytes bytes\n"
            "trainyard_memory_bytes 0.25\n"
            "# HELP trainyard_build Build.\n"
            "# TYPE trainyard_build info\n"
            "trainyard_build_info{version=\"1\"} 1\n"
            "# EOF\n");
}

TEST(metrics_text, writes_numbers_that_parse) {
  metrics_text text(metrics_format::prometheus);
  text.family("x", metric_type::gauge, "", "X.");
  text.sample(1e15);
  text.sample(std::numeric_limits<double>::infinity());
  text.sample(std::numeric_limits<double>::quiet_NaN());
  text.sample(-0.5);
  EXPECT_EQ(std::move(text).finish(),
            "# HELP x X.\n# TYPE x gauge\nx 1000000000000000\nx +Inf\nx NaN\nx -0.5\n");
}

} // namespace
} // namespace trainyard
