// Words that managers read back as they were meant.
#include "nodes/service/service_text.hpp"

#include <gmock/gmock.h>

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(service_text, quotes_for_systemd_what_it_would_read_otherwise) {
  EXPECT_EQ(systemd_word("--root"), "--root");
  EXPECT_EQ(systemd_word("photos=/srv/photos"), "photos=/srv/photos");
  EXPECT_EQ(systemd_word(""), "\"\"");
  EXPECT_EQ(systemd_word("/srv/my photos"), "\"/srv/my photos\"");
  EXPECT_EQ(systemd_word("100%"), "\"100%%\"");
  EXPECT_EQ(systemd_word("$HOME"), "\"$$HOME\"");
  EXPECT_EQ(systemd_word("a\"b\\c"), "\"a\\\"b\\\\c\"");
  EXPECT_EQ(systemd_word("a\nb"), "\"a\\nb\"");
}

TEST(service_text, escapes_for_xml_what_would_be_markup) {
  EXPECT_EQ(xml_text("a<b>&c"), "a&lt;b&gt;&amp;c");
}

TEST(service_text, of_a_user_has_no_fence_that_only_the_system_can_build) {
  service_plan plan{.role = "worker"};
  plan.command = {"/opt/trainyard", "worker"};
  plan.environment = "/home/ann/100%/worker.env";
  const auto unit = systemd_unit(plan);
  EXPECT_THAT(unit, HasSubstr("Type=notify"));
  EXPECT_THAT(unit, HasSubstr("EnvironmentFile=-/home/ann/100%%/worker.env"));
  EXPECT_THAT(unit, HasSubstr("WantedBy=default.target"));
  EXPECT_THAT(unit, Not(HasSubstr("User=")));
  EXPECT_THAT(unit, Not(HasSubstr("ProtectSystem")));
  EXPECT_THAT(unit, Not(HasSubstr("network-online")));
}

} // namespace
} // namespace trainyard
