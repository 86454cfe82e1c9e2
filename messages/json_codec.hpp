// JSON <-> wire structs, for clients in any language and for files that people read.
#pragma once

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "messages/failure.hpp"
#include "messages/fields.hpp"

namespace trainyard {

/// Parses an object of at most 16 levels that has no key twice; message_invalid with the parser's text
/// otherwise.
[[nodiscard]] result<nlohmann::json> parse_json_limited(std::string_view text);
[[nodiscard]] std::string to_base64(std::span<const std::byte> raw);
[[nodiscard]] std::optional<std::vector<std::byte>> from_base64(std::string_view text);
/// Text for people and JSON: bytes that are not UTF-8 become \xHH (a file name on Linux may hold any byte).
[[nodiscard]] std::string printable_utf8(std::string_view raw);

namespace json_detail {

template <class T>
nlohmann::ordered_json put(const T& value) {
  if constexpr (wire_struct<T>) {
    auto object = nlohmann::ordered_json::object();
    for_each_field<T>([&](const auto& each) { object[std::string(each.name)] = put(value.*each.member); });
    return object;
  } else if constexpr (std::same_as<T, blob>) {
    return to_base64(value.bytes);
  } else if constexpr (std::same_as<T, std::string>) {
    return printable_utf8(value);
  } else if constexpr (requires { value.has_value(); }) {
    return value ? put(*value) : nlohmann::ordered_json(nullptr);
  } else if constexpr (requires { value.begin(); }) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& each : value)
      list.push_back(put(each));
    return list;
  } else {
    return value;
  }
}

template <class T>
bool get(const nlohmann::json& from, T& value, std::string& where);
template <class T>
bool get(const nlohmann::json& from, std::vector<T>& list, std::string& where) {
  if (!from.is_array())
    return false;
  list.resize(from.size());
  for (std::size_t i = 0; i < list.size(); ++i)
    if (!get(from[i], list[i], where))
      return false;
  return true;
}
template <class T>
bool get(const nlohmann::json& from, std::optional<T>& maybe, std::string& where) {
  if (from.is_null())
    return maybe.reset(), true;
  return get(from, maybe.emplace(), where);
}
template <class T>
bool get_scalar(const nlohmann::json& from, T& value) {
  if constexpr (std::same_as<T, bool>) {
    return from.is_boolean() && (value = from.get<bool>(), true);
  } else if constexpr (std::floating_point<T>) {
    return from.is_number() && (value = from.get<T>(), true);
  } else if constexpr (std::same_as<T, std::string>) {
    return from.is_string() && (value = from.get<std::string>(), true);
  } else if constexpr (std::same_as<T, blob>) {
    auto raw = from.is_string() ? from_base64(from.get_ref<const std::string&>()) : std::nullopt;
    return raw && (value.bytes = std::move(*raw), true);
  } else {
    static_assert(std::integral<T>);
    if (from.is_number_unsigned())
      return value = static_cast<T>(from.get<std::uint64_t>()), std::in_range<T>(from.get<std::uint64_t>());
    return from.is_number_integer() && std::in_range<T>(from.get<std::int64_t>()) &&
           (value = static_cast<T>(from.get<std::int64_t>()), true);
  }
}
template <class T>
bool get(const nlohmann::json& from, T& value, std::string& where) {
  if constexpr (wire_struct<T>) {
    if (!from.is_object())
      return false;
    bool good = true;
    for_each_field<T>([&](const auto& each) {
      const auto found = from.find(std::string(each.name));
      if (!good || (found == from.end() && each.need == presence::optional))
        return;
      if (found == from.end() || !get(*found, value.*each.member, where)) {
        good = false;
        where = where.empty() ? std::string(each.name) : std::string(each.name) + "." + where;
      }
    });
    return good;
  } else {
    return get_scalar(from, value);
  }
}

} // namespace json_detail

/// Fields stand in the struct's order, so that people can read it and bytes are the same every time.
template <wire_struct T>
[[nodiscard]] nlohmann::ordered_json to_json(const T& value) {
  return json_detail::put(value);
}
template <wire_struct T>
[[nodiscard]] std::string to_json_text(const T& value) {
  return json_detail::put(value).dump();
}

template <wire_struct T>
[[nodiscard]] result<T> from_json_text(std::span<const std::byte> payload) {
  auto parsed = parse_json_limited({reinterpret_cast<const char*>(payload.data()), payload.size()});
  if (!parsed)
    return tl::unexpected(parsed.error());
  T value;
  std::string where;
  if (!json_detail::get(*parsed, value, where))
    return fail(failure_kind::message_invalid, where.empty()
                                                   ? "the message is not an object"
                                                   : "field '" + where + "' is missing or of another type");
  return value;
}

} // namespace trainyard
