// What a server says of its version, and what is said of that.
#include "nodes/doctor/server_version.hpp"

#include <gmock/gmock.h>

namespace trainyard {
namespace {

using ::testing::HasSubstr;

TEST(server_version, is_found_wherever_it_stands) {
  EXPECT_EQ(server_version_in("nats-server: v2.9.10\n"), (server_version{2, 9, 10}));
  EXPECT_EQ(server_version_in("2.11.0-preview.2"), (server_version{2, 11, 0}));
  EXPECT_EQ(server_version_in("build 7, v2.10.27"), (server_version{2, 10, 27}));
}

TEST(server_version, is_nothing_where_there_are_no_three_numbers) {
  for (const auto* text : {"", "nats-server", "2.9", "v2.", "9", "2.9.x"})
    EXPECT_FALSE(server_version_in(text)) << text;
}

TEST(server_version, is_compared_by_numbers_and_not_by_letters) {
  EXPECT_LT((server_version{2, 9, 10}), (server_version{2, 10, 2}));
  EXPECT_LT((server_version{2, 10, 3}), (server_version{2, 10, 27}));
}

TEST(server_version, that_was_never_tried_is_warned_of) {
  const auto said = on_server_version("server", {2, 9, 9}, "at hub", server_use::of_a_run);
  EXPECT_EQ(said.how, verdict::warning);
  EXPECT_THAT(said.text, HasSubstr("2.9.9 at hub"));
  EXPECT_THAT(said.remedy, HasSubstr("2.9.10"));
}

TEST(server_version, that_a_power_cut_hurts_is_warned_of_in_a_fleet_alone) {
  EXPECT_EQ(on_server_version("server", {2, 9, 10}, "", server_use::of_a_run).how, verdict::good);
  EXPECT_EQ(on_server_version("server", {2, 10, 26}, "", server_use::of_a_fleet).how, verdict::warning);
  EXPECT_EQ(on_server_version("server", {2, 10, 27}, "", server_use::of_a_fleet).how, verdict::good);
}

} // namespace
} // namespace trainyard
