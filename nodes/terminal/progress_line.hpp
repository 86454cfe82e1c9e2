// One moment of a session in each of the three forms; progress_view decides when.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "messages/wire.hpp"
#include "nodes/terminal/terminal_mode.hpp"

namespace trainyard {

/// 0..1; 0 while the listing goes on, because a share of a number that grows tells nothing.
[[nodiscard]] double fraction_of(const session_progress& progress);
/// Ends in a newline. `wall` is UTC.
[[nodiscard]] std::string json_line(const session_progress& progress,
                                    std::chrono::system_clock::time_point wall);
[[nodiscard]] std::string plain_line(const session_progress& progress);
/// Never as wide as `columns`, no newline; what matters least is left out first.
[[nodiscard]] std::string tty_line(const session_progress& progress, std::size_t columns, bool utf8);

} // namespace trainyard
