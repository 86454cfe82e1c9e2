// Parts become small where a link is slow, and large again where it is not any more.
#include "nodes/images/part_size.hpp"

#include <gtest/gtest.h>

#include "nodes/images/chunk_plan.hpp"

namespace trainyard {
namespace {

constexpr std::size_t payload = std::size_t{8} << 20U;

void send_whole_files(part_size& parts, int count) {
  for (int i = 0; i < count; ++i)
    parts.whole_file();
}

TEST(part_size, is_what_the_server_takes_at_first) {
  const part_size parts;
  EXPECT_EQ(parts.bytes(payload), chunk_bytes_within(payload));
  EXPECT_EQ(parts.bytes(4'096), chunk_bytes_within(4'096));
}

TEST(part_size, halves_with_every_part_that_runs_out_of_time_down_to_a_thirty_second) {
  part_size parts;
  parts.timed_out();
  EXPECT_EQ(parts.bytes(payload), most_chunk_bytes / 2);
  for (int i = 0; i < 100; ++i)
    parts.timed_out();
  EXPECT_EQ(parts.bytes(payload), most_chunk_bytes / 32);
}

TEST(part_size, is_never_nothing) {
  part_size parts;
  for (int i = 0; i < 5; ++i)
    parts.timed_out();
  EXPECT_EQ(parts.bytes(0), 1U);
  EXPECT_EQ(parts.bytes(16), 1U);
}

TEST(part_size, doubles_with_every_64_whole_files_since_the_last_time_out) {
  part_size parts;
  parts.timed_out();
  send_whole_files(parts, 63);
  parts.timed_out();
  send_whole_files(parts, 63);
  EXPECT_EQ(parts.bytes(payload), most_chunk_bytes / 4);
  parts.whole_file();
  EXPECT_EQ(parts.bytes(payload), most_chunk_bytes / 2);
  send_whole_files(parts, 1'000);
  EXPECT_EQ(parts.bytes(payload), most_chunk_bytes);
}

} // namespace
} // namespace trainyard
