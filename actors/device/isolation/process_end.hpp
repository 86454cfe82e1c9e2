// How a process ended, in words that a person can search for.
#pragma once

#include <string>

namespace trainyard {

/// "signal 11 (SIGSEGV)", "exit status 1"; `status` as waitpid gives it. Unknown signals by number only.
[[nodiscard]] std::string text_of_end(int status);
/// By a signal that a program cannot send itself by accident: another process or the system wanted its end.
[[nodiscard]] bool was_killed(int status);

} // namespace trainyard
