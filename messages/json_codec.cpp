// JSON text under limits, base64 through OpenSSL, and file names of any bytes made printable.
#include "messages/json_codec.hpp"

#include <set>

#include <openssl/evp.h>

namespace trainyard {

namespace {

constexpr int max_depth = 16;

/// Bytes of the UTF-8 sequence that starts at `text[0]`, 0 when it is none (overlong, surrogate, cut).
std::size_t utf8_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = at(0);
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xC2 && first < 0xE0 ? 2
                             : (first & 0xF0) == 0xE0        ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  if (length == 0 || length > text.size())
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((at(i) & 0xC0) != 0x80)
      return 0;
  const bool odd = (first == 0xE0 && at(1) < 0xA0) || (first == 0xED && at(1) > 0x9F) ||
                   (first == 0xF0 && at(1) < 0x90) || (first == 0xF4 && at(1) > 0x8F);
  return odd ? 0 : length;
}

} // namespace

result<nlohmann::json> parse_json_limited(std::string_view text) {
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& seen) {
    using enum nlohmann::json::parse_event_t;
    if (depth > max_depth)
      throw std::length_error("deeper than " + std::to_string(max_depth) + " levels");
    if (event == object_start)
      keys.emplace_back();
    else if (event == object_end)
      keys.pop_back();
    else if (event == key && !keys.back().insert(seen.get<std::string>()).second)
      throw std::invalid_argument("key '" + seen.get<std::string>() + "' twice");
    return true;
  };
  try {
    auto parsed = nlohmann::json::parse(text, watch);
    if (!parsed.is_object())
      return fail(failure_kind::message_invalid, "not a JSON object");
    return parsed;
  } catch (const std::exception& error) {
    return fail(failure_kind::message_invalid,
                std::string("not a JSON object within limits: ") + error.what());
  }
}

std::string to_base64(std::span<const std::byte> raw) {
  std::string text((raw.size() + 2) / 3 * 4 + 1, '\0'); // EVP writes a terminator
  const auto* from = reinterpret_cast<const unsigned char*>(raw.data());
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), from, static_cast<int>(raw.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<std::vector<std::byte>> from_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return std::nullopt;
  std::vector<std::byte> raw(text.size() / 4 * 3);
  const auto* from = reinterpret_cast<const unsigned char*>(text.data());
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(raw.data()), from, static_cast<int>(text.size()));
  if (length < 0)
    return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  raw.resize(static_cast<std::size_t>(length) - padding);
  return raw;
}

std::string printable_utf8(std::string_view raw) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string text;
  text.reserve(raw.size());
  while (!raw.empty()) {
    const auto length = utf8_length(raw);
    if (length == 0) {
      const auto byte = static_cast<unsigned char>(raw.front());
      text += {'\\', 'x', hex[byte >> 4], hex[byte & 15]};
    } else {
      text += raw.substr(0, length);
    }
    raw.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return text;
}

} // namespace trainyard
