// Flushed here, as a full disk or a closed pipe shows only then.
#include "nodes/terminal/command_end.hpp"

#include <cstdio>

#include "nodes/terminal/error_text.hpp"
#include "nodes/terminal/terminal_mode.hpp"

namespace trainyard {

int fail_with(const failure& why) {
  std::fputs(error_text(why, choose_colour(facts_of(2))).c_str(), stderr);
  return exit_status_of(why.kind);
}

int print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  return std::fflush(stdout) == 0 ? 0 : exit_status_of(failure_kind::output_unwritable);
}

} // namespace trainyard
