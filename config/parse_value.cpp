// Text to values under the table's rules. Nothing here depends on the locale.
#include "config/parse_value.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <locale>
#include <sstream>

#include "config/list_value.hpp"

namespace trainyard {
namespace {

using namespace std::chrono;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char each) { return static_cast<char>(std::tolower(each)); });
  return out;
}

tl::unexpected<std::string> wrong(const option& which, std::string_view shown) {
  const std::string value = which.secret ? "has a value" : "is '" + std::string(shown) + "',";
  return tl::unexpected(value + " not " + expected_of(which));
}

/// from_chars for double is missing in some of the standard libraries in use, strtod follows the locale.
std::optional<double> decimal(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789+-.eE") != std::string_view::npos)
    return std::nullopt;
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  double value = 0;
  if (!(in >> value) || in.peek() != std::istringstream::traits_type::eof() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

checked<option_value> parse_integer(const option& which, std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    return wrong(which, text);
  return check_number(which, static_cast<double>(value), text);
}

checked<option_value> parse_boolean(const option& which, std::string_view text) {
  const auto word = lower(text);
  for (const auto* yes : {"1", "true", "yes", "on"})
    if (word == yes)
      return true;
  for (const auto* no : {"0", "false", "no", "off"})
    if (word == no)
      return false;
  return wrong(which, text);
}

/// "500ms", "10s", "2m", "1h"; a bare number is seconds.
checked<option_value> parse_duration(const option& which, std::string_view text) {
  const auto split = std::min(text.find_last_of("0123456789.") + 1, text.size());
  const auto count = decimal(text.substr(0, split));
  const auto unit = trimmed(text.substr(split));
  const double scale = unit == "ms"                   ? 0.001
                       : unit.empty() || unit == "s"  ? 1
                       : unit == "m" || unit == "min" ? 60
                       : unit == "h"                  ? 3600
                                                      : 0;
  if (!count || scale == 0)
    return wrong(which, text);
  return check_number(which, *count * scale, text);
}

std::string plain(double value) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out.precision(std::numeric_limits<double>::max_digits10 - 2);
  out << value;
  return out.str();
}

std::string bounds_of(const option& which) {
  if (which.least == which.most)
    return "";
  const bool whole = which.type == option_type::integer;
  const auto shown = [&](double bound) {
    return whole ? std::to_string(static_cast<std::int64_t>(bound)) : plain(bound);
  };
  return " from " + shown(which.least) + " to " + shown(which.most);
}

} // namespace

std::string expected_of(const option& which) {
  const std::string tail = bounds_of(which) + (which.automatic ? " or auto" : "");
  switch (which.type) {
  case option_type::integer:
    return "a whole number" + tail;
  case option_type::number:
    return "a number" + tail;
  case option_type::boolean:
    return "true or false";
  case option_type::duration:
    return "a time like 10s, 500ms, 2m or 1h" + (bounds_of(which).empty() ? tail : tail + " (seconds)");
  case option_type::choice: {
    std::string list = "one of ";
    for (const char each : which.choices)
      each == '|' ? list += ", " : list += each;
    return list;
  }
  case option_type::list:
    return expected_of_list(which);
  case option_type::text:
  case option_type::path:
    break;
  }
  return "a text without control characters";
}

checked<option_value> check_number(const option& which, double value, std::string_view shown) {
  if (which.least != which.most && (value < which.least || value > which.most))
    return wrong(which, shown);
  if (which.type == option_type::integer)
    return static_cast<std::int64_t>(value);
  if (which.type == option_type::duration)
    return milliseconds(std::llround(value * 1000));
  return value;
}

checked<option_value> check_text(const option& which, std::string text) {
  if (which.type == option_type::choice) {
    const auto known = "|" + std::string(which.choices) + "|";
    const auto word = lower(text);
    if (word.empty() || word.find('|') != std::string::npos ||
        known.find("|" + word + "|") == std::string::npos)
      return wrong(which, text);
    return word;
  }
  if (text.empty() && !which.standard.empty())
    return tl::unexpected(std::string("is empty"));
  if (has_control_characters(text))
    return wrong(which, text);
  return text;
}

checked<option_value> parse_value(const option& which, std::string_view raw) {
  const auto text = trimmed(raw);
  if (which.type == option_type::list)
    return check_list(which, items_of(text));
  const bool is_text = which.type == option_type::text || which.type == option_type::path;
  if (text.empty() && is_text && which.standard.empty())
    return std::string();
  if (text.empty())
    return tl::unexpected(std::string("is empty"));
  if (which.automatic && !is_text && lower(text) == "auto")
    return std::monostate{};
  switch (which.type) {
  case option_type::integer:
    return parse_integer(which, text);
  case option_type::number: {
    const auto value = decimal(text);
    return value ? check_number(which, *value, text) : wrong(which, text);
  }
  case option_type::boolean:
    return parse_boolean(which, text);
  case option_type::duration:
    return parse_duration(which, text);
  case option_type::text:
  case option_type::path:
    return check_text(which, std::string(raw)); // a folder's name may begin or end with a blank
  case option_type::list:                       // above
  case option_type::choice:
    break;
  }
  return check_text(which, std::string(text));
}

std::string text_of(const option& which, const option_value& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (which.secret)
    return text && text->empty() ? "" : "(hidden)";
  if (const auto* items = std::get_if<std::vector<std::string>>(&value))
    return text_of_list(*items);
  if (const auto* flag = std::get_if<bool>(&value))
    return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    return std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&value))
    return plain(*number);
  if (const auto* time = std::get_if<milliseconds>(&value))
    return time->count() % 1000 == 0 ? std::to_string(time->count() / 1000) + "s"
                                     : std::to_string(time->count()) + "ms";
  return text ? *text : "auto";
}

std::string toml_of(const option& which, const option_value& value) {
  if (const auto* items = std::get_if<std::vector<std::string>>(&value))
    return toml_of_list(*items);
  const auto text = text_of(which, value);
  if (!which.secret && (std::holds_alternative<bool>(value) || std::holds_alternative<std::int64_t>(value) ||
                        std::holds_alternative<double>(value)))
    return text;
  return quoted_for_toml(text);
}

} // namespace trainyard
