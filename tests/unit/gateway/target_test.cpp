// Paths and parameters as clients write them, and as attackers do.
#include "nodes/http/target.hpp"

#include <gmock/gmock.h>

namespace trainyard {
namespace {

using ::testing::ElementsAre;

TEST(target, splits_a_path_into_decoded_segments) {
  EXPECT_THAT(parse_target("/")->segments, ElementsAre());
  EXPECT_THAT(parse_target("/api/v1/devices")->segments, ElementsAre("api", "v1", "devices"));
  EXPECT_THAT(parse_target("/a%20b/c%2Fd")->segments, ElementsAre("a b", "c/d"));
  EXPECT_THAT(parse_target("/api/")->segments, ElementsAre("api", ""));
  EXPECT_THAT(parse_target("//api")->segments, ElementsAre("", "api"));
}

TEST(target, keeps_parameters_by_name) {
  const auto target = parse_target("/x?limit=5&state=running+now&flag&e=%C3%A9");
  ASSERT_TRUE(target);
  EXPECT_EQ(parameter(*target, "limit"), "5");
  EXPECT_EQ(parameter(*target, "state"), "running now");
  EXPECT_EQ(parameter(*target, "flag"), "");
  EXPECT_EQ(parameter(*target, "e"), "é");
  EXPECT_EQ(parameter(*target, "none"), std::nullopt);
}

TEST(target, refuses_what_is_no_text) {
  for (const auto* each : {"", "x", "http://host/x", "*", "/%", "/%2", "/%zz", "/%00", "/%0a", "/%ff",
                           "/a?b=%", "/a?b=%c3", "/\x7f", "/\xff"})
    EXPECT_FALSE(parse_target(each)) << each;
  std::string many = "/?";
  for (int i = 0; i < 17; ++i)
    many += "a" + std::to_string(i) + "=1&";
  EXPECT_FALSE(parse_target(many));
}

TEST(target, reads_whole_numbers_within_bounds) {
  const auto ask = [](const std::string& value) {
    return number_parameter(*parse_target("/x?limit=" + value), "limit", 100, 1, 500);
  };
  EXPECT_EQ(*ask("7"), 7U);
  EXPECT_EQ(*number_parameter(*parse_target("/x"), "limit", 100, 1, 500), 100U);
  for (const auto* each : {"", "0", "501", "-1", "+1", "1.5", "1e2", "99999999999999999999", "x"})
    EXPECT_FALSE(ask(each)) << each;
}

} // namespace
} // namespace trainyard
