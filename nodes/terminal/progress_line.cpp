// Words, bar and JSON of one moment of a session.
#include "nodes/terminal/progress_line.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <vector>

#include <nlohmann/json.hpp>

#include "messages/json_codec.hpp"
#include "nodes/terminal/safe_text.hpp"
#include "nodes/terminal/units.hpp"

namespace trainyard {
namespace {

std::uint64_t done_of(const session_progress& progress) {
  return progress.embedded + progress.failed + progress.skipped;
}

std::string utc_text(std::chrono::system_clock::time_point at) {
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
  const auto seconds = static_cast<std::time_t>(since / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text.data() + length, text.size() - length, ".%03dZ", static_cast<int>(since % 1000));
  return text.data();
}

nlohmann::ordered_json finite(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

std::string counts_text(const session_progress& progress) {
  return with_thousands(done_of(progress)) + "/" + with_thousands(progress.total) +
         (progress.total_is_final ? "" : "+");
}

/// What stands behind the counts, most important first, so that a narrow terminal cuts off the least.
std::vector<std::string> details_of(const session_progress& progress) {
  std::vector<std::string> out;
  if (progress.failed > 0)
    out.push_back(with_thousands(progress.failed) + " failed");
  out.push_back(rate_text(progress.images_per_second) + " img/s");
  if (progress.eta_seconds)
    out.push_back("ETA " + duration_text(std::chrono::duration<double>(*progress.eta_seconds)));
  if (progress.skipped > 0)
    out.push_back(with_thousands(progress.skipped) + " skipped");
  if (progress.state != "running" || !progress.reason.empty())
    out.push_back(safe_text(progress.state + (progress.reason.empty() ? "" : ": " + progress.reason)));
  return out;
}

std::string bar_of(double fraction, std::size_t width, bool utf8) {
  const auto full = static_cast<std::size_t>(std::floor(fraction * static_cast<double>(width)));
  std::string bar;
  for (std::size_t i = 0; i < width; ++i)
    bar += utf8 ? (i < full ? "█" : "░") : (i < full ? "#" : ".");
  return "[" + bar + "] ";
}

std::string percent_text(const session_progress& progress) {
  // Rounded down: 100 % means that all is done.
  return std::to_string(static_cast<int>(fraction_of(progress) * 100)) + "%";
}

} // namespace

double fraction_of(const session_progress& progress) {
  if (!progress.total_is_final || progress.total == 0)
    return 0;
  return std::min(1.0, static_cast<double>(done_of(progress)) / static_cast<double>(progress.total));
}

std::string json_line(const session_progress& progress, std::chrono::system_clock::time_point wall) {
  nlohmann::ordered_json line;
  line["t"] = utc_text(wall);
  line["session"] = printable_utf8(progress.session_id);
  line["state"] = printable_utf8(progress.state);
  line["reason"] = printable_utf8(progress.reason);
  line["done"] = done_of(progress);
  line["embedded"] = progress.embedded;
  line["failed"] = progress.failed;
  line["skipped"] = progress.skipped;
  line["total"] = progress.total;
  line["total_is_final"] = progress.total_is_final;
  line["rate"] = finite(progress.images_per_second);
  line["eta_s"] = progress.eta_seconds ? finite(*progress.eta_seconds) : nlohmann::ordered_json(nullptr);
  return line.dump() + "\n";
}

std::string tty_line(const session_progress& progress, std::size_t columns, bool utf8) {
  // A line that fills the last column makes some terminals wrap, and a wrapped line cannot be redrawn.
  const std::size_t room = columns > 1 ? columns - 1 : 1;
  std::string line = progress.total_is_final ? percent_text(progress) + " " : "";
  line += counts_text(progress);
  for (const auto& each : details_of(progress))
    if (columns_of_text(line) + 2 + columns_of_text(each) <= room)
      line += "  " + each;
  const auto left = room > columns_of_text(line) ? room - columns_of_text(line) : 0;
  constexpr std::size_t least_bar = 13;
  if (progress.total_is_final && left >= least_bar)
    line = bar_of(fraction_of(progress), std::min<std::size_t>(left - 3, 30), utf8) + line;
  return cut_to(std::move(line), room);
}

std::string plain_line(const session_progress& progress) {
  std::string line = "progress " + counts_text(progress);
  if (progress.total_is_final)
    line += " (" + percent_text(progress) + ")";
  for (const auto& each : details_of(progress))
    line += ", " + each;
  return line + "\n";
}

} // namespace trainyard
