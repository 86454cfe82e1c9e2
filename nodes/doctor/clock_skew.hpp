// How far this machine's clock is from the server's, from one question and its answer.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "nodes/doctor/finding.hpp"

namespace trainyard {

using wall_time = std::chrono::sys_time<std::chrono::milliseconds>;

/// "2026-12-01T02:03:04.123456789Z", as Go writes it; nothing for another form or another zone.
[[nodiscard]] std::optional<wall_time> wall_time_in(std::string_view text);
/// `server` was read between `asked` and `answered`. Logins by JWT, certificates and the times of sessions go
/// wrong with a clock that does.
[[nodiscard]] finding on_clock(wall_time asked, wall_time server, wall_time answered);

} // namespace trainyard
