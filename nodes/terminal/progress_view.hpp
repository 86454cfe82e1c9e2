// Progress of a session as text for stderr: a redrawn bar, a line now and then, or JSON lines.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "messages/wire.hpp"
#include "nodes/terminal/terminal_mode.hpp"

namespace trainyard {

/// Both clocks at one moment: the steady one for what is due, the wall clock for what is shown.
struct moment {
  std::chrono::steady_clock::time_point steady;
  std::chrono::system_clock::time_point wall;
  [[nodiscard]] static moment now();
};

/// Pure: returns what to write to stderr, writes nothing itself. One thread at a time.
class progress_view {
public:
  progress_view(progress_mode mode, terminal_facts facts);

  /// The text that is due for `progress`, empty when none is. Call it as often as progress arrives: tty
  /// redraws at most ten times a second, plain gives a line every 10 s or 5 %, json one a second. A change of
  /// state is always due. `columns` is the terminal's width now.
  [[nodiscard]] std::string update(const session_progress& progress, const moment& at,
                                   std::size_t columns = 80);
  /// The last word on `progress`: the state reached, and the end of a redrawn line.
  [[nodiscard]] std::string finish(const session_progress& progress, const moment& at,
                                   std::size_t columns = 80);
  /// Write this before a log line, so that it does not land in a redrawn one; the next update draws again.
  [[nodiscard]] std::string hide();

private:
  [[nodiscard]] bool due(const session_progress& progress, const moment& at) const;
  [[nodiscard]] std::string draw(const session_progress& progress, const moment& at, std::size_t columns);

  progress_mode mode_;
  terminal_facts facts_;
  bool drawn_ = false;
  std::optional<std::chrono::steady_clock::time_point> last_;
  std::string last_state_;
  double last_fraction_ = 0;
};

} // namespace trainyard
