// Every option and command stands in the manual, and no text of theirs is a request of roff.
#include "config/manual_page.hpp"

#include <sstream>

#include <gmock/gmock.h>

#include "config/commands.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;

TEST(manual_page, tells_of_every_option_and_command) {
  const auto page = manual_page("1.2.3");
  for (const auto& each : options())
    EXPECT_THAT(
        page, HasSubstr("\\fB" + roff_text(each.flag.empty() ? environment_name(each) : each.flag) + "\\fR"));
  for (const auto& each : commands())
    EXPECT_THAT(page, HasSubstr("\\fB" + roff_text("trainyard " + std::string(each.name)) + "\\fR"));
  EXPECT_THAT(page, HasSubstr("trainyard 1.2.3"));
}

TEST(manual_page, escapes_what_roff_would_take_for_its_own) {
  EXPECT_EQ(roff_text(".hidden"), "\\&.hidden");
  EXPECT_EQ(roff_text("'quoted'"), "\\&'quoted'");
  EXPECT_EQ(roff_text("a\\b"), "a\\eb");
  EXPECT_EQ(roff_text("--x"), "\\-\\-x");
  EXPECT_EQ(roff_text("a\nb"), "a b");
}

} // namespace
} // namespace trainyard
