// Rounded for people, the same in every locale.
#include "nodes/terminal/units.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace trainyard {
namespace {

constexpr double largest_shown = 1e18; // beyond it a double fits no counter

/// printf follows LC_NUMERIC, which no part of trainyard sets; a comma would still be a point by this.
std::string fixed(double value, int decimals) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  std::string out = text.data();
  for (char& each : out)
    if (each == ',')
      each = '.';
  return out;
}

std::string two_digits(std::uint64_t value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

} // namespace

std::string with_thousands(std::uint64_t count) {
  auto text = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), 1, ',');
  return text;
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  // 1023.96 would be shown as 1024.0 of the smaller unit.
  for (; value >= (unit == 0 ? 1024.0 : 1023.95) && unit + 1 < units.size(); ++unit)
    value /= 1024;
  return fixed(value, unit == 0 ? 0 : 1) + " " + units[unit];
}

std::string signed_bytes_text(double bytes) {
  if (!std::isfinite(bytes))
    return "?";
  const auto size = std::min(std::round(std::abs(bytes)), largest_shown);
  if (size == 0)
    return "0 B";
  return (bytes < 0 ? "-" : "+") + bytes_text(static_cast<std::uint64_t>(size));
}

std::string duration_text(std::chrono::duration<double> time) {
  const double seconds = time.count();
  if (!std::isfinite(seconds) || seconds < 0 || seconds > largest_shown)
    return "?";
  if (seconds < 9.95)
    return fixed(seconds, 1) + " s";
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 60)
    return std::to_string(whole) + " s";
  if (whole < 3600)
    return std::to_string(whole / 60) + " min " + two_digits(whole % 60) + " s";
  if (whole < 86'400)
    return std::to_string(whole / 3600) + " h " + two_digits(whole / 60 % 60) + " min";
  return with_thousands(whole / 86'400) + " d " + two_digits(whole / 3600 % 24) + " h";
}

std::string rate_text(double per_second) {
  if (!std::isfinite(per_second) || per_second < 0 || per_second > largest_shown)
    return "?";
  if (per_second == 0)
    return "0";
  if (per_second < 9.995)
    return fixed(per_second, 2);
  if (per_second < 99.95)
    return fixed(per_second, 1);
  return with_thousands(static_cast<std::uint64_t>(std::llround(per_second)));
}

} // namespace trainyard
