// One line of the log, as text or JSON, for a terminal, a file or the journal. Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/log.hpp"

namespace trainyard {

struct log_entry {
  std::chrono::system_clock::time_point time;
  log_level level = log_level::info;
  std::string_view room; ///< who speaks: "worker", "nats"
  std::string_view text;
  std::vector<std::pair<std::string_view, std::string_view>> more{}; ///< in JSON alone: "code", "remedy"
};

/// How lines are written. `to_journal`: each begins with its priority, as systemd reads it from stderr, and
/// text leaves the time to the journal.
struct log_form {
  bool json = false;
  bool to_journal = false;
};

/// That of this process's log: for whoever writes to stderr beside it.
[[nodiscard]] const log_form& form_of_log();

/// Without its end; whatever the entry holds, there is no line break or other control character in it.
/// JSON: {"time", "level", "room", "text", ...}; time is UTC with milliseconds.
[[nodiscard]] std::string log_line(const log_entry& entry, const log_form& form);
[[nodiscard]] std::string_view to_string(log_level level) noexcept;
/// "2026-12-01T02:03:04.567Z"
[[nodiscard]] std::string log_time(std::chrono::system_clock::time_point time);

} // namespace trainyard
