// Lines of NATS's protocol from a socket, each byte awaited until a deadline.
#pragma once

#include <chrono>
#include <string>

namespace trainyard {

/// `event` (of poll) has come before `end`.
[[nodiscard]] bool wait_for(int fd, short event, std::chrono::steady_clock::time_point end);
/// Without its end; empty on the end of the stream, an error, the deadline, or a line of over 64 KiB.
[[nodiscard]] std::string read_line(int fd, std::chrono::steady_clock::time_point end);

} // namespace trainyard
