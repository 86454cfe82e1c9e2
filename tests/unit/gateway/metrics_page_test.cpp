// docs/metrics.md tells of every family that is written, and of no other.
#include <gtest/gtest.h>

#include "tests/support/child_process.hpp"
#include "tests/unit/gateway/written_metrics.hpp"

namespace trainyard {
namespace {

TEST(metrics_page, has_a_row_for_every_family_and_for_no_other) {
  const auto written = testing::written_metrics();
  const auto documented = testing::matches_in(testing::content_of("docs/metrics.md"), "\n\\| `([a-z_]+)");
  EXPECT_GE(written.size(), 20U);
  EXPECT_EQ(written, documented);
}

} // namespace
} // namespace trainyard
