// Lists under the table's rules.
#include "config/list_value.hpp"

#include <algorithm>
#include <set>

#include "config/parse_value.hpp"
#include "messages/subjects.hpp"

namespace trainyard {
namespace {

/// What is wrong with one NAME=PATH; empty when nothing is.
std::string wrong_named_path(const std::string& item, std::set<std::string>& names) {
  const auto equals = item.find('=');
  if (equals == std::string::npos || trimmed(item.substr(equals + 1)).empty())
    return "holds '" + item + "', not NAME=PATH";
  const auto name = item.substr(0, equals);
  if (!is_token(name))
    return "holds the name '" + name + "', not 1 to 64 letters, digits, - or _";
  return names.insert(name).second ? "" : "holds the name '" + name + "' twice";
}

} // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char each) { return each < 0x20 || each == 0x7f; });
}

std::string quoted_for_toml(std::string_view text) {
  std::string quoted = "\"";
  for (const char each : text) {
    if (each == '"' || each == '\\')
      quoted += '\\';
    quoted += each;
  }
  return quoted + '"';
}

std::vector<std::string> items_of(std::string_view text) {
  std::vector<std::string> items;
  if (trimmed(text).empty())
    return items;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    items.emplace_back(trimmed(text.substr(at, end - at)));
    at = end + 1;
  }
  return items;
}

std::string without_login(std::string_view url) {
  const auto scheme = url.find("://");
  const auto at = url.rfind('@');
  if (scheme == std::string_view::npos || at == std::string_view::npos || at < scheme)
    return std::string(url);
  return std::string(url.substr(0, scheme + 3)) + "(hidden)" + std::string(url.substr(at));
}

std::string expected_of_list(const option& which) {
  return "a list of " + std::string(which.item) + ", with commas between them";
}

std::string text_of_list(const std::vector<std::string>& items) {
  std::string text;
  for (const auto& each : items)
    text += (text.empty() ? "" : ",") + without_login(each);
  return text;
}

std::string toml_of_list(const std::vector<std::string>& items) {
  std::string text;
  for (const auto& each : items)
    text += (text.empty() ? "" : ", ") + quoted_for_toml(without_login(each));
  return "[" + text + "]";
}

std::vector<named_path> named_paths(const std::vector<std::string>& items) {
  std::vector<named_path> out;
  for (const auto& each : items) {
    const auto equals = each.find('=');
    out.push_back({each.substr(0, equals), trimmed(std::string_view(each).substr(equals + 1))});
  }
  return out;
}

checked<option_value> check_list(const option& which, std::vector<std::string> items) {
  if (items.empty() && !which.standard.empty())
    return tl::unexpected(std::string("is empty"));
  std::set<std::string> names;
  for (const auto& each : items) {
    if (trimmed(each).empty())
      return tl::unexpected("holds an empty item, not " + expected_of(which));
    if (has_control_characters(each))
      return tl::unexpected("holds '" + without_login(each) + "', which has control characters");
    if (const auto wrong = which.named_paths ? wrong_named_path(each, names) : ""; !wrong.empty())
      return tl::unexpected(wrong);
  }
  return items;
}

} // namespace trainyard
