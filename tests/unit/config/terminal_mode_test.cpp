// Who gets a bar and who gets colour.
#include "nodes/terminal/terminal_mode.hpp"

#include <gtest/gtest.h>

namespace trainyard {
namespace {

TEST(terminal_mode, auto_redraws_only_on_a_terminal_that_can) {
  EXPECT_EQ(choose_progress("auto", {.is_terminal = true, .term = "xterm"}), progress_mode::tty);
  EXPECT_EQ(choose_progress("auto", {.is_terminal = true, .term = "dumb"}), progress_mode::plain);
  EXPECT_EQ(choose_progress("auto", {.is_terminal = true, .term = ""}), progress_mode::plain);
  EXPECT_EQ(choose_progress("auto", {.is_terminal = false, .term = "xterm"}), progress_mode::plain);
}

TEST(terminal_mode, a_wish_overrides_the_facts) {
  EXPECT_EQ(choose_progress("tty", {}), progress_mode::tty);
  EXPECT_EQ(choose_progress("plain", {.is_terminal = true, .term = "xterm"}), progress_mode::plain);
  EXPECT_EQ(choose_progress("json", {}), progress_mode::json);
  EXPECT_EQ(choose_progress("none", {}), progress_mode::none);
}

TEST(terminal_mode, colour_obeys_no_color_first) {
  EXPECT_TRUE(choose_colour({.is_terminal = true, .term = "xterm"}));
  EXPECT_FALSE(choose_colour({.is_terminal = true, .term = "xterm", .no_colour = true}));
  EXPECT_FALSE(choose_colour({.is_terminal = true, .term = "dumb"}));
  EXPECT_FALSE(choose_colour({.is_terminal = false, .term = "xterm"}));
  EXPECT_TRUE(choose_colour({.is_terminal = false, .force_colour = true}));
  EXPECT_FALSE(choose_colour({.no_colour = true, .force_colour = true}));
}

TEST(terminal_mode, a_descriptor_that_is_no_terminal_has_the_usual_width) {
  EXPECT_EQ(columns_of(-1), 80U);
  EXPECT_FALSE(facts_of(-1).is_terminal);
}

} // namespace
} // namespace trainyard
