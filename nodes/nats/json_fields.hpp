// Fields of somebody else's JSON: what is missing or of another type reads as empty.
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace trainyard {

[[nodiscard]] inline std::string text_at(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}
[[nodiscard]] inline std::uint64_t number_at(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}
[[nodiscard]] inline nlohmann::json object_at(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_object() ? *found : nlohmann::json::object();
}

} // namespace trainyard
