// Golden texts, and names that try to drive the terminal.
#include "nodes/terminal/error_text.hpp"

#include <gtest/gtest.h>

#include "nodes/terminal/safe_text.hpp"

namespace trainyard {
namespace {

TEST(error_text, is_a_line_of_cause_with_the_code_and_a_line_of_remedy) {
  EXPECT_EQ(error_text({failure_kind::input_missing, "there is no folder 'photos'", "check the name"}),
            "error: there is no folder 'photos' code=TY1101\n  check the name\n");
  EXPECT_EQ(error_text({failure_kind::internal, "x", ""}), "error: x code=TY1901\n");
  EXPECT_EQ(error_text({failure_kind::internal, "", ""}), "error: failed code=TY1901\n");
}

TEST(error_text, keeps_the_lines_of_many_mistakes) {
  EXPECT_EQ(error_text({failure_kind::config_invalid, "2 mistakes\na\nb", "correct them"}),
            "error: 2 mistakes code=TY1002\n  a\n  b\n  correct them\n");
}

TEST(error_text, colours_only_the_first_word) {
  EXPECT_EQ(error_text({failure_kind::usage, "x", "y"}, true),
            "\033[1;31merror:\033[0m x code=TY1001\n  y\n");
}

TEST(error_text, escapes_what_would_drive_the_terminal) {
  const auto text = error_text({failure_kind::input_missing,
                                "a\033[2Jb\rc\x07\x7f\xFF\xC2\x9B"
                                "31m\u202Egpj",
                                "\033]0;x\x07"});
  for (const char each : text)
    EXPECT_TRUE(each == '\n' || static_cast<unsigned char>(each) >= 0x20);
  EXPECT_EQ(text.find("\xC2\x9B"), std::string::npos);
  EXPECT_EQ(text.find("\u202E"), std::string::npos);
  EXPECT_NE(text.find("\\x1b[2Jb\\x0dc\\x07\\x7f"), std::string::npos) << text;
}

TEST(safe_text, leaves_names_of_all_languages_alone) {
  EXPECT_EQ(safe_text("Gänse 写真 🦆"), "Gänse 写真 🦆");
  EXPECT_EQ(safe_text("a\nb"), "a\\x0ab");
  EXPECT_EQ(columns_of_text("Gänse"), 5U);
  EXPECT_EQ(cut_to("Gänse", 2), "Gä");
  EXPECT_EQ(cut_to("Gänse", 9), "Gänse");
  EXPECT_EQ(cut_to("Gänse", 0), "");
}

} // namespace
} // namespace trainyard
