// Whatever a library throws while an image is read costs that image, not the thread that reads it.
#include "actors/device/image/caught.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace trainyard {
namespace {

TEST(caught, passes_on_what_a_step_returns) {
  EXPECT_EQ(*caught([]() -> result<int> { return 7; }), 7);
  const auto failed = caught([]() -> result<int> { return fail(failure_kind::asset_io, "x"); });
  EXPECT_EQ(failed.error().kind, failure_kind::asset_io);
}

TEST(caught, makes_a_failure_of_the_image_of_whatever_is_thrown) {
  const auto memory = caught([]() -> result<int> { throw std::bad_alloc(); });
  EXPECT_EQ(memory.error().kind, failure_kind::image_out_of_memory);
  const auto other = caught([]() -> result<int> { throw std::runtime_error("no digest"); });
  EXPECT_EQ(other.error().kind, failure_kind::internal);
  EXPECT_EQ(other.error().cause, "reading an image: no digest");
}

} // namespace
} // namespace trainyard
