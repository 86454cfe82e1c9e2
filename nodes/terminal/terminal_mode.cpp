// The rules, and the few system calls that give the facts.
#include "nodes/terminal/terminal_mode.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

namespace trainyard {
namespace {

constexpr std::size_t usual_columns = 80;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool names_utf8(std::string locale) {
  std::erase(locale, '-');
  std::ranges::transform(locale, locale.begin(),
                         [](unsigned char each) { return static_cast<char>(std::tolower(each)); });
  return locale.find("utf8") != std::string::npos;
}

/// POSIX: the first of the three that is set and not empty counts alone.
bool locale_is_utf8() {
  for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const auto value = variable(name); !value.empty())
      return names_utf8(value);
  return false;
}

} // namespace

std::size_t columns_of(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return usual_columns;
  return size.ws_col;
}

terminal_facts facts_of(int fd) {
  const auto force = variable("CLICOLOR_FORCE");
  return {.is_terminal = ::isatty(fd) == 1,
          .term = variable("TERM"),
          .no_colour = !variable("NO_COLOR").empty(),
          .force_colour = !force.empty() && force != "0",
          .columns = columns_of(fd),
          .utf8 = locale_is_utf8()};
}

progress_mode choose_progress(std::string_view wanted, const terminal_facts& facts) {
  if (wanted == "tty")
    return progress_mode::tty;
  if (wanted == "plain")
    return progress_mode::plain;
  if (wanted == "json")
    return progress_mode::json;
  if (wanted == "none")
    return progress_mode::none;
  const bool can_redraw = facts.is_terminal && !facts.term.empty() && facts.term != "dumb";
  return can_redraw ? progress_mode::tty : progress_mode::plain;
}

bool choose_colour(const terminal_facts& facts) {
  if (facts.no_colour)
    return false;
  return facts.force_colour || (facts.is_terminal && !facts.term.empty() && facts.term != "dumb");
}

} // namespace trainyard
