// The middle between question and answer is the best guess of when the server looked at its clock.
#include "nodes/doctor/clock_skew.hpp"

#include <array>
#include <charconv>

namespace trainyard {
namespace {

using std::chrono::milliseconds;

std::optional<int> number_at(std::string_view text, std::size_t from, std::size_t digits) {
  int value = 0;
  const auto* begin = text.data() + from;
  const auto [end, error] = std::from_chars(begin, begin + digits, value);
  return error == std::errc{} && end == begin + digits && value >= 0 ? std::optional(value) : std::nullopt;
}

/// ".123456789" or nothing.
milliseconds fraction_in(std::string_view text) {
  milliseconds value{0};
  auto worth = 100;
  for (std::size_t at = 1; at < text.size() && worth > 0; ++at, worth /= 10)
    value += milliseconds((text[at] - '0') * worth);
  return value;
}

} // namespace

std::optional<wall_time> wall_time_in(std::string_view text) {
  using namespace std::chrono;
  constexpr std::string_view form = "0000-00-00T00:00:00";
  if (text.size() <= form.size() || !text.ends_with('Z'))
    return std::nullopt;
  for (const std::size_t at : {4U, 7U, 10U, 13U, 16U})
    if (text[at] != form[at])
      return std::nullopt;
  const auto fraction = text.substr(form.size(), text.size() - form.size() - 1);
  if (!fraction.empty() &&
      (fraction[0] != '.' || fraction.find_first_not_of("0123456789", 1) != fraction.npos))
    return std::nullopt;
  std::array<int, 6> parts{}; // year to second
  for (std::size_t each = 0; each < parts.size(); ++each) {
    const auto found = number_at(text, each == 0 ? 0 : 2 + 3 * each, each == 0 ? 4 : 2);
    if (!found)
      return std::nullopt;
    parts[each] = *found;
  }
  const year_month_day day{year(parts[0]), month(static_cast<unsigned>(parts[1])),
                           std::chrono::day(static_cast<unsigned>(parts[2]))};
  if (!day.ok())
    return std::nullopt;
  return sys_days(day) + hours(parts[3]) + minutes(parts[4]) + seconds(parts[5]) + fraction_in(fraction);
}

finding on_clock(wall_time asked, wall_time server, wall_time answered) {
  constexpr milliseconds tolerated{2'000};
  const auto ours = asked + (answered - asked) / 2;
  const auto ahead = std::chrono::duration_cast<milliseconds>(ours - server);
  const auto size = std::chrono::abs(ahead);
  const auto text = "this clock is " + std::to_string(size.count()) + " ms " +
                    (ahead.count() < 0 ? "behind" : "ahead of") + " the server's";
  if (size <= tolerated + (answered - asked) / 2)
    return good("clock", text);
  return warning("clock", text, "let both keep the time by NTP (timedatectl set-ntp true)");
}

} // namespace trainyard
