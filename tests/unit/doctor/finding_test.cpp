// Findings as people and programs read them.
#include "nodes/doctor/finding.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const failure gone{failure_kind::nats_unreachable, "hub:4222: no\nanswer", "start it"};

TEST(finding, of_each_kind_has_a_line_and_what_is_not_good_has_a_remedy) {
  const findings all{good("program", "there"), warning("clock", "late", "set it"), bad("nats", gone),
                     unknown("memory", "not said")};
  EXPECT_EQ(findings_text(all, false), "ok    program         there\n"
                                       "warn  clock           late\n"
                                       "                      set it\n"
                                       "FAIL  nats            hub:4222: no; answer code=TY1301\n"
                                       "                      start it\n"
                                       "-     memory          not said\n"
                                       "\n"
                                       "4 checks: 1 good, 1 warning, 1 bad, 1 not to be known\n");
}

TEST(finding, drives_no_terminal) {
  const findings all{good("root", "/photos/\033[2J")};
  EXPECT_THAT(findings_text(all, false), Not(HasSubstr("\033")));
  EXPECT_THAT(findings_text(all, true), Not(HasSubstr("\033[2J")));
  EXPECT_THAT(findings_text(all, true), HasSubstr("\033[32mok"));
}

TEST(finding, as_json_holds_the_same) {
  const findings all{good("root", "\xff/photos"), bad("nats", gone)};
  const auto object = nlohmann::json::parse(findings_json(all, "worker"));
  EXPECT_EQ(object["schema"], 1);
  EXPECT_EQ(object["ok"], false);
  EXPECT_EQ(object["role"], "worker");
  ASSERT_EQ(object["checks"].size(), 2U);
  EXPECT_EQ(object["checks"][0]["verdict"], "good");
  EXPECT_FALSE(object["checks"][0].contains("remedy"));
  EXPECT_EQ(object["checks"][1]["code"], "TY1301");
  EXPECT_EQ(object["checks"][1]["remedy"], "start it");
}

TEST(finding, that_is_bad_alone_ends_in_a_status) {
  EXPECT_TRUE(all_work({good("a", ""), warning("b", "", ""), unknown("c", "")}));
  EXPECT_FALSE(all_work({good("a", ""), bad("b", gone)}));
}

} // namespace
} // namespace trainyard
