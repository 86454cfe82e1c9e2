// Each reader checks type and range before it converts.
#include "actors/device/model/config_fields.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

namespace trainyard {
namespace {

using nlohmann::json;

constexpr std::uintmax_t most_config_bytes = 1U << 20;

std::string shown(const json& value) {
  return value.dump(-1, ' ', true, json::error_handler_t::replace).substr(0, 80);
}

const json& empty_object() {
  static const json empty = json::object();
  return empty;
}

} // namespace

nlohmann::json json_in(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error) ||
      std::filesystem::file_size(file, error) > most_config_bytes)
    throw config_error("is not a regular file of at most 1 MiB");
  std::ifstream stream(file, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(stream), {}};
  if (!stream)
    throw config_error("cannot be read");
  auto parsed = json::parse(content, nullptr, false);
  if (parsed.is_discarded())
    throw config_error("is not JSON");
  if (!parsed.is_object())
    throw config_error("is no JSON object");
  return parsed;
}

config_fields::config_fields(const json& object, std::string within)
    : object_(&object), within_(std::move(within)) {}

std::string config_fields::name_of(const char* key) const {
  return "'" + within_ + key + "'";
}

bool config_fields::has(const char* key) const {
  const auto found = object_->find(key);
  return found != object_->end() && !found->is_null();
}

const json& config_fields::member(const char* key) const {
  if (!has(key))
    throw config_error("has no " + name_of(key));
  return *object_->find(key);
}

config_fields config_fields::object_or_empty(const char* key) const {
  if (!has(key))
    return config_fields(empty_object(), within_ + key + ".");
  const auto& value = member(key);
  if (!value.is_object())
    throw config_error(name_of(key) + " is no object");
  return config_fields(value, within_ + key + ".");
}

std::uint32_t config_fields::number(const char* key, std::int64_t least, std::int64_t most) const {
  const auto& value = member(key);
  if (!value.is_number_integer() || value < least || value > most)
    throw config_error(name_of(key) + " is " + shown(value) + " and must be an integer from " +
                       std::to_string(least) + " to " + std::to_string(most));
  return value.get<std::uint32_t>();
}

std::uint32_t config_fields::number_or(const char* key, std::uint32_t standard, std::int64_t least,
                                       std::int64_t most) const {
  return has(key) ? number(key, least, most) : standard;
}

std::string config_fields::text(const char* key) const {
  const auto& value = member(key);
  if (!value.is_string())
    throw config_error(name_of(key) + " is no text");
  return value.get<std::string>();
}

std::string config_fields::text_or(const char* key, const char* standard) const {
  return has(key) ? text(key) : standard;
}

bool config_fields::flag_or(const char* key, bool standard) const {
  if (!has(key))
    return standard;
  const auto& value = member(key);
  if (!value.is_boolean())
    throw config_error(name_of(key) + " is " + shown(value) + " and must be true or false");
  return value.get<bool>();
}

double config_fields::real_or(const char* key, double standard) const {
  if (!has(key))
    return standard;
  const auto& value = member(key);
  if (!value.is_number() || !std::isfinite(value.get<double>()))
    throw config_error(name_of(key) + " is " + shown(value) + " and must be a number");
  return value.get<double>();
}

std::array<float, 3> config_fields::channels(const char* key, bool zero_allowed) const {
  const auto& value = member(key);
  std::array<float, 3> numbers{};
  const bool three = value.is_array() && value.size() == 3 &&
                     std::ranges::all_of(value, [](const json& item) { return item.is_number(); });
  for (std::size_t i = 0; three && i < 3; ++i)
    numbers[i] = value[i].get<float>();
  const auto in_range = [&](float item) { return item <= 1 && (zero_allowed ? item >= 0 : item >= 1e-4F); };
  if (!three || !std::ranges::all_of(numbers, in_range))
    throw config_error(name_of(key) + " must be three numbers between 0 and 1");
  return numbers;
}

} // namespace trainyard
