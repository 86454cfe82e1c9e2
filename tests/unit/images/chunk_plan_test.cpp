// Every byte is handed out once, and again only what was lost.
#include "nodes/images/chunk_plan.hpp"

#include <random>

#include <gtest/gtest.h>

namespace trainyard {
namespace {

TEST(chunk_plan, leaves_room_for_the_fields_and_is_never_large) {
  EXPECT_EQ(chunk_bytes_within(1U << 20U), (1U << 20U) - chunk_headroom_bytes);
  EXPECT_EQ(chunk_bytes_within(8U << 20U), most_chunk_bytes);
  EXPECT_EQ(chunk_bytes_within(4'096), 2'048U);
  EXPECT_EQ(chunk_bytes_within(0), 1U)
      << "before the first connect nothing is known, and nothing divides by it";
}

TEST(chunk_plan, hands_out_the_parts_in_order_and_the_last_one_short) {
  chunk_plan plan(10, 35, 10);
  EXPECT_EQ(plan.next(), (byte_range{10, 10}));
  EXPECT_EQ(plan.next(), (byte_range{20, 10}));
  EXPECT_EQ(plan.next(), (byte_range{30, 5}));
  EXPECT_EQ(plan.next(), std::nullopt);
  EXPECT_FALSE(plan.complete()) << "asked for is not there";
  for (const auto& part : {byte_range{30, 5}, byte_range{10, 10}, byte_range{20, 10}})
    plan.arrived(part, part.length);
  EXPECT_TRUE(plan.complete());
}

TEST(chunk_plan, of_a_file_that_came_whole_is_complete) {
  chunk_plan plan(35, 35, 10);
  EXPECT_EQ(plan.next(), std::nullopt);
  EXPECT_TRUE(plan.complete());
}

TEST(chunk_plan, asks_for_the_rest_of_a_short_answer) {
  chunk_plan plan(0, 10, 10);
  const auto part = plan.next();
  plan.arrived(*part, 4);
  EXPECT_EQ(plan.next(), (byte_range{4, 6}));
}

TEST(chunk_plan, hands_out_what_was_lost_again_in_smaller_parts) {
  chunk_plan plan(0, 20, 10);
  const auto part = plan.next();
  plan.lost(*part, 4);
  EXPECT_EQ(plan.next(), (byte_range{0, 4}));
  EXPECT_EQ(plan.next(), (byte_range{4, 4}));
  EXPECT_EQ(plan.next(), (byte_range{8, 2}));
  EXPECT_EQ(plan.next(), (byte_range{10, 4}));
}

TEST(chunk_plan, covers_every_byte_once_whatever_is_lost_or_cut) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const std::uint64_t size = 1 + random() % 500;
    const std::uint64_t begin = random() % size;
    std::vector<int> written(size, 0);
    chunk_plan plan(begin, size, 1 + random() % 40);
    std::vector<byte_range> in_flight;
    int steps = 0;
    while (!plan.complete() && ++steps < 100'000) {
      if (const auto part = plan.next())
        in_flight.push_back(*part);
      if (in_flight.empty() || random() % 2 == 0)
        continue;
      const auto which = random() % in_flight.size();
      const auto part = in_flight[which];
      in_flight.erase(in_flight.begin() + static_cast<std::ptrdiff_t>(which));
      if (random() % 3 == 0) {
        plan.lost(part, 1 + random() % 40);
        continue;
      }
      const auto got = 1 + random() % part.length;
      for (std::uint64_t i = 0; i < got; ++i)
        ++written[part.offset + i];
      plan.arrived(part, got);
    }
    ASSERT_TRUE(plan.complete()) << seed;
    for (std::uint64_t i = 0; i < size; ++i)
      ASSERT_EQ(written[i], i < begin ? 0 : 1) << "byte " << i << " of seed " << seed;
  }
}

} // namespace
} // namespace trainyard
