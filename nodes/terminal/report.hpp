// The final report of a session: one JSON object for programs, an aligned table for people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "messages/report.hpp"
#include "nodes/terminal/terminal_mode.hpp"

namespace trainyard {

/// One line that ends in '\n', for stdout. Numbers that are not finite become 0.
[[nodiscard]] std::string report_json(const session_report& report);
/// Several lines for people, at most about 100 columns wide; `facts` decides on colour and on the sparkline's
/// characters.
[[nodiscard]] std::string report_table(const session_report& report, const terminal_facts& facts);
/// A series as blocks ("▁▂▇█") from its lowest to its highest value, thinned to `width`; empty for less than
/// two values. ASCII digits when `utf8` is false.
[[nodiscard]] std::string sparkline(const std::vector<std::uint64_t>& series, std::size_t width, bool utf8);

} // namespace trainyard
