// Escapes on top of printable_utf8, which has made the bytes valid UTF-8.
#include "nodes/terminal/safe_text.hpp"

#include <array>
#include <cstdio>

#include "messages/json_codec.hpp"

namespace trainyard {
namespace {

bool continues(char each) {
  return (static_cast<unsigned char>(each) & 0xC0U) == 0x80U;
}

std::string escaped(const char* form, unsigned code) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), form, code); // NOLINT: the two forms stand below
  return text.data();
}

/// The code point at the start of `text`, which is valid UTF-8, and its length.
unsigned code_point(std::string_view text, std::size_t& length) {
  const auto first = static_cast<unsigned char>(text.front());
  length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  unsigned code = length == 1 ? first : first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length && i < text.size(); ++i)
    code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  return code;
}

bool turns_direction(unsigned code) {
  return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0x200E ||
         code == 0x200F || code == 0x2028 || code == 0x2029;
}

} // namespace

std::string safe_text(std::string_view raw, bool keep_newlines) {
  const auto valid = printable_utf8(raw);
  std::string out;
  for (std::size_t at = 0, length = 0; at < valid.size(); at += length) {
    const auto code = code_point(std::string_view(valid).substr(at), length);
    if (code == '\n' && keep_newlines)
      out += '\n';
    else if (code < 0x20 || (code >= 0x7F && code < 0xA0))
      out += escaped("\\x%02x", code);
    else if (turns_direction(code))
      out += escaped("\\u%04x", code);
    else
      out += valid.substr(at, length);
  }
  return out;
}

std::size_t columns_of_text(std::string_view text) {
  std::size_t columns = 0;
  for (const char each : text)
    columns += continues(each) ? 0 : 1;
  return columns;
}

std::string cut_to(std::string text, std::size_t columns) {
  std::size_t seen = 0;
  for (std::size_t at = 0; at < text.size(); ++at)
    if (!continues(text[at]) && seen++ == columns)
      return text.substr(0, at);
  return text;
}

} // namespace trainyard
