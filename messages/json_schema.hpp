// JSON Schema (2020-12) of the wire structs, from the same lists of fields as the codecs: docs/protocol/
// holds what comes out.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "messages/fields.hpp"

namespace trainyard {

namespace schema_detail {

template <class T>
struct member {
  static nlohmann::ordered_json schema();
};
template <class T>
struct member<std::vector<T>> {
  static nlohmann::ordered_json schema() { return {{"type", "array"}, {"items", member<T>::schema()}}; }
};
/// The codecs write null for what is absent.
template <class T>
struct member<std::optional<T>> {
  static nlohmann::ordered_json schema() {
    return {{"anyOf", nlohmann::ordered_json::array({member<T>::schema(), {{"type", "null"}}})}};
  }
};

template <std::integral T>
nlohmann::ordered_json whole_number() {
  nlohmann::ordered_json schema{{"type", "integer"}};
  if constexpr (std::unsigned_integral<T>)
    schema["minimum"] = 0;
  if constexpr (sizeof(T) < sizeof(std::int64_t))
    schema["maximum"] = std::numeric_limits<T>::max();
  return schema;
}

/// Fields that are not named are ignored by readers, so they are allowed.
template <wire_struct T>
nlohmann::ordered_json object() {
  auto properties = nlohmann::ordered_json::object();
  auto needed = nlohmann::ordered_json::array();
  for_each_field<T>([&]<class Value>(const field<T, Value>& each) {
    properties[std::string(each.name)] = member<Value>::schema();
    if (each.need == presence::required)
      needed.push_back(std::string(each.name));
  });
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(needed)}};
}

template <class T>
nlohmann::ordered_json member<T>::schema() {
  if constexpr (wire_struct<T>)
    return object<T>();
  else if constexpr (std::same_as<T, blob>)
    return {{"type", "string"}, {"contentEncoding", "base64"}};
  else if constexpr (std::same_as<T, std::string>)
    return {{"type", "string"}};
  else if constexpr (std::same_as<T, bool>)
    return {{"type", "boolean"}};
  else if constexpr (std::floating_point<T>)
    return {{"type", "number"}};
  else
    return whole_number<T>();
}

} // namespace schema_detail

struct schema_page {
  std::string_view name; ///< "session_spec": docs/protocol/session_spec.schema.json
  nlohmann::ordered_json schema;
};

template <wire_struct T>
[[nodiscard]] schema_page schema_page_of(std::string_view name, std::string_view sentence) {
  nlohmann::ordered_json page{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                              {"title", name},
                              {"description", sentence}};
  page.update(schema_detail::object<T>());
  return {name, std::move(page)};
}

/// Every message that another program may send or read.
[[nodiscard]] std::vector<schema_page> schema_pages();

} // namespace trainyard
