// The log as actors see it: a line with a component. spdlog stays behind it (torch's wheel shadows its fmt).
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace trainyard {

enum class log_level { debug, info, warn, error, off };

/// Any thread; lines never mix. Everything goes to stderr, as text or JSON lines (actors/log_line.hpp).
void log(log_level level, std::string_view component, const std::string& text);

struct log_settings {
  log_level level = log_level::info;
  bool json = false;
  /// Called before each line is written, with no lock held: a terminal clears its redrawn line.
  std::function<void()> before_line;
};
/// Once, before other threads log.
void set_up_log(log_settings settings);
/// "debug", "info", "warn", "error", "off"; info for anything else.
[[nodiscard]] log_level log_level_of(std::string_view text) noexcept;

} // namespace trainyard
