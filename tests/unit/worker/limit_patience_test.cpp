// What the system refuses for a moment is waited for; what is an image's own fault is not.
#include "nodes/worker/limit_patience.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "messages/system_limit.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;

tl::unexpected<failure> refused() {
  return tl::unexpected(system_limit_reached("cannot open a.jpg", EMFILE));
}

TEST(limit_patience, reads_again_until_the_system_gives_what_it_refused) {
  limit_patience patience({});
  int tries = 0;
  const auto image = patience.read([&]() -> result<prepared_image> {
    if (++tries < 3)
      return refused();
    return prepared_image{};
  });
  EXPECT_TRUE(image);
  EXPECT_EQ(tries, 3);
}

TEST(limit_patience, leaves_an_images_own_failure_as_it_is) {
  limit_patience patience({});
  int tries = 0;
  const auto image = patience.read([&]() -> result<prepared_image> {
    ++tries;
    return fail(failure_kind::asset_denied, "a.jpg");
  });
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().kind, failure_kind::asset_denied);
  EXPECT_EQ(tries, 1);
}

TEST(limit_patience, says_once_that_a_refusal_lasts_and_waits_on_until_it_is_stopped) {
  std::atomic<int> told = 0;
  limit_patience patience(
      [&](const failure& why) { told += why.kind == failure_kind::system_limit ? 1 : 100; }, 1ms);
  std::atomic<int> ended = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 2; ++i)
    readers.emplace_back([&] {
      const auto image = patience.read([]() -> result<prepared_image> { return refused(); });
      ended += !image && image.error().kind == failure_kind::interrupted ? 1 : 100;
    });
  ASSERT_TRUE(testing::eventually(10s, [&] { return told == 1; }));
  EXPECT_EQ(ended, 0);
  patience.stop();
  EXPECT_TRUE(testing::eventually(5s, [&] { return ended == 2; }));
  EXPECT_EQ(told, 1);
}

} // namespace
} // namespace trainyard
