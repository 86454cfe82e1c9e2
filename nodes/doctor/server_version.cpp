// Three numbers out of a line of text.
#include "nodes/doctor/server_version.hpp"

#include <charconv>

namespace trainyard {
namespace {

/// The number at the beginning of `text`, which it takes off, with the dot behind it.
bool take(std::string_view& text, int& number, bool wants_dot) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{})
    return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!wants_dot)
    return true;
  if (!text.starts_with('.'))
    return false;
  text.remove_prefix(1);
  return true;
}

} // namespace

std::optional<server_version> server_version_in(std::string_view text) {
  constexpr std::string_view digits = "0123456789";
  for (auto at = text.find_first_of(digits); at != text.npos; at = text.find_first_of(digits)) {
    auto rest = text.substr(at);
    server_version found;
    if (take(rest, found.major, true) && take(rest, found.minor, true) && take(rest, found.patch, false))
      return found;
    const auto past = text.find_first_not_of(digits, at);
    text.remove_prefix(past == text.npos ? text.size() : past);
  }
  return std::nullopt;
}

std::string to_string(const server_version& version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
         std::to_string(version.patch);
}

finding on_server_version(const std::string& check, const server_version& version, const std::string& where,
                          server_use use) {
  const auto text = "nats-server " + to_string(version) + " " + where;
  if (version < tried_from)
    return warning(check, text + ", which was never tried",
                   "install " + to_string(tried_from) + " or later; " + to_string(durable_from) + " is best");
  if (use == server_use::of_a_fleet && version < durable_from)
    return warning(check, text + ", of which a power cut may undo the last minute",
                   "install " + to_string(durable_from) +
                       " or later, or run three of them (ops/nats/README.md)");
  return good(check, text);
}

} // namespace trainyard
