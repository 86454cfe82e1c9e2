// A failure as people see it on stderr: a line of cause, a line of remedy, the code.
#pragma once

#include <string>

#include "messages/failure.hpp"

namespace trainyard {

/// "error: CAUSE code=TY1101\n  REMEDY\n". A cause of several lines (all mistakes of a configuration) keeps
/// them, indented. Control characters are escaped, so that a file's name cannot drive the terminal.
[[nodiscard]] std::string error_text(const failure& what, bool colour = false);

} // namespace trainyard
