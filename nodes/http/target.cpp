// Split first, then decode: an encoded slash is no separator.
#include "nodes/http/target.hpp"

#include <algorithm>
#include <charconv>

#include "messages/http_failure.hpp"
#include "messages/json_codec.hpp"

namespace trainyard {
namespace {

constexpr std::size_t most_parameters = 16;

tl::unexpected<failure> invalid(std::string cause) {
  return fail(kind_of(http_failure::request_invalid), std::move(cause),
              "see /api/v1/openapi.json for what may be asked");
}

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9')
    return digit - '0';
  const char low = static_cast<char>(digit | 0x20);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

std::optional<std::string> decoded(std::string_view text, bool plus_is_blank) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
  const bool controls =
      std::ranges::any_of(out, [](unsigned char each) { return each < 0x20 || each == 0x7f; });
  return controls || printable_utf8(out) != out ? std::nullopt : std::optional(std::move(out));
}

/// Calls `take` with each part of `text` between `separator`s; stops where it returns false.
template <class Take>
bool for_each_part(std::string_view text, char separator, Take&& take) {
  while (true) {
    const auto end = text.find(separator);
    if (!take(text.substr(0, end)))
      return false;
    if (end == text.npos)
      return true;
    text.remove_prefix(end + 1);
  }
}

bool take_parameter(http_target& to, std::string_view pair) {
  if (pair.empty())
    return true;
  const auto equals = pair.find('=');
  auto name = decoded(pair.substr(0, equals), true);
  auto value = decoded(equals == pair.npos ? std::string_view() : pair.substr(equals + 1), true);
  if (!name || !value || to.query.size() == most_parameters)
    return false;
  to.query.emplace_back(std::move(*name), std::move(*value));
  return true;
}

} // namespace

result<http_target> parse_target(std::string_view target) {
  if (!target.starts_with('/'))
    return invalid("the request names no path");
  http_target parsed;
  const auto question = target.find('?');
  const auto path = target.substr(1, question == target.npos ? target.npos : question - 1);
  const bool paths = path.empty() || for_each_part(path, '/', [&](std::string_view each) {
                       auto text = decoded(each, false);
                       return text && (parsed.segments.push_back(std::move(*text)), true);
                     });
  if (!paths)
    return invalid("the request's path is no text");
  if (question != target.npos && !for_each_part(target.substr(question + 1), '&', [&](std::string_view each) {
        return take_parameter(parsed, each);
      }))
    return invalid("the parameters behind ? are no text, or too many");
  return parsed;
}

std::optional<std::string_view> parameter(const http_target& of, std::string_view name) {
  const auto found = std::ranges::find(of.query, name, &std::pair<std::string, std::string>::first);
  return found == of.query.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

result<std::uint64_t> number_parameter(const http_target& of, std::string_view name, std::uint64_t standard,
                                       std::uint64_t least, std::uint64_t most) {
  const auto text = parameter(of, name);
  if (!text)
    return standard;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || value < least || value > most)
    return invalid(std::string(name) + " is '" + std::string(*text) + "', not a whole number from " +
                   std::to_string(least) + " to " + std::to_string(most));
  return value;
}

} // namespace trainyard
