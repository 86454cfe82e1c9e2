// JSON by its library, text with control characters escaped.
#include "actors/log_line.hpp"

#include <array>
#include <cstdio>
#include <ctime>

#include "messages/json_codec.hpp"

namespace trainyard {
namespace {

std::string without_controls(std::string_view raw) {
  std::string out;
  for (const char each : printable_utf8(raw)) {
    const auto code = static_cast<unsigned char>(each);
    if (code >= 0x20 && code != 0x7f) {
      out += each;
      continue;
    }
    std::array<char, 8> escape{};
    std::snprintf(escape.data(), escape.size(), "\\x%02x", static_cast<unsigned>(code));
    out += escape.data();
  }
  return out;
}

/// sd-daemon(3): "<4>" in front of a line makes it a warning.
const char* priority_of(log_level level) noexcept {
  switch (level) {
  case log_level::debug:
    return "<7>";
  case log_level::warn:
    return "<4>";
  case log_level::error:
    return "<3>";
  default:
    return "<6>";
  }
}

std::string json_of(const log_entry& entry) {
  nlohmann::ordered_json object;
  object["time"] = log_time(entry.time);
  object["level"] = to_string(entry.level);
  object["room"] = printable_utf8(entry.room);
  object["text"] = printable_utf8(entry.text);
  for (const auto& [name, value] : entry.more)
    if (!value.empty())
      object[std::string(name)] = printable_utf8(value);
  return object.dump();
}

} // namespace

std::string_view to_string(log_level level) noexcept {
  switch (level) {
  case log_level::debug:
    return "debug";
  case log_level::warn:
    return "warning";
  case log_level::error:
    return "error";
  default:
    return "info";
  }
}

std::string log_time(std::chrono::system_clock::time_point time) {
  using namespace std::chrono;
  const auto since = duration_cast<milliseconds>(time.time_since_epoch());
  const auto seconds = static_cast<std::time_t>(floor<std::chrono::seconds>(since).count());
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text.data() + size, text.size() - size, ".%03dZ",
                static_cast<int>((since - floor<std::chrono::seconds>(since)).count()));
  return text.data();
}

std::string log_line(const log_entry& entry, const log_form& form) {
  const std::string priority = form.to_journal ? priority_of(entry.level) : "";
  if (form.json)
    return priority + json_of(entry);
  const auto time = form.to_journal ? "" : log_time(entry.time) + " ";
  return priority + time + std::string(to_string(entry.level)) + " [" + without_controls(entry.room) + "] " +
         without_controls(entry.text);
}

} // namespace trainyard
