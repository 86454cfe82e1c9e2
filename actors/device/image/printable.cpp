// File names are bytes: newlines, terminal escapes and broken UTF-8 must not reach a log line or a JSON text.
#include "actors/device/image/printable.hpp"

namespace trainyard {
namespace {

constexpr std::size_t longest = 200;

void append(std::string& text, std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    if (value >= 0x20 && value < 0x7f && byte != '"' && byte != '\\') {
      text += byte;
    } else {
      text += "\\x";
      text += digits[value >> 4U];
      text += digits[value & 15U];
    }
  }
}

} // namespace

std::string printable(std::string_view path) {
  std::string text = "\"";
  if (path.size() <= longest) {
    append(text, path);
  } else {
    append(text, path.substr(0, longest / 2));
    text += "[...]";
    append(text, path.substr(path.size() - longest / 2));
  }
  return text + "\"";
}

} // namespace trainyard
