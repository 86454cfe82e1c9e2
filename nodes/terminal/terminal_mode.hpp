// What may be written to a terminal: a redrawn line, plain lines, JSON; colour or none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace trainyard {

enum class progress_mode : std::uint8_t { tty, plain, json, none };

struct terminal_facts {
  bool is_terminal = false;
  std::string term{};        ///< $TERM
  bool no_colour = false;    ///< NO_COLOR is set and not empty
  bool force_colour = false; ///< CLICOLOR_FORCE is set and not "0" or empty
  std::size_t columns = 80;
  bool utf8 = false; ///< LC_ALL, LC_CTYPE or LANG names UTF-8
};

/// Asks the system about file descriptor `fd` (2 for progress) and the environment.
[[nodiscard]] terminal_facts facts_of(int fd);
/// The width now, for a redraw after the window was resized; 80 where unknown.
[[nodiscard]] std::size_t columns_of(int fd);

/// `wanted` is the option's text: auto, tty, plain, json or none. auto: tty on a terminal whose TERM is set
/// and not "dumb", else plain.
[[nodiscard]] progress_mode choose_progress(std::string_view wanted, const terminal_facts& facts);
[[nodiscard]] bool choose_colour(const terminal_facts& facts);

} // namespace trainyard
