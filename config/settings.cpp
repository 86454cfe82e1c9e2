// Typed access to checked values, and the table that people look at.
#include "config/settings.hpp"

#include <cassert>
#include <cstdlib>

#include "config/parse_value.hpp"

namespace trainyard {
namespace {

/// Asserts in debug builds and aborts in release ones: going on with another option's value would be worse.
template <class Value>
const Value& value_as(const option_value& value) {
  const auto* found = std::get_if<Value>(&value);
  assert(found && "option asked for as another type than the table says, or while it is auto");
  if (!found)
    std::abort();
  return *found;
}

} // namespace

std::string to_string(const origin& where) {
  switch (where.from) {
  case source::flag:
    return "flag " + where.place;
  case source::environment:
    return "environment " + where.place;
  case source::config_file:
  case source::user_file:
    return "file " + where.place;
  case source::standard:
    break;
  }
  return "default";
}

settings::settings() {
  for (const auto& each : options()) {
    const auto value = parse_value(each, each.standard);
    assert(value && "a default of the table breaks the table's own rules");
    entries_.emplace(each.key, entry{*value, {}});
  }
}

const settings::entry& settings::at(std::string_view key) const {
  const auto found = entries_.find(key);
  assert(found != entries_.end() && "no such option in the table");
  if (found == entries_.end())
    std::abort();
  return found->second;
}

bool settings::is_auto(std::string_view key) const {
  const auto& value = at(key).value;
  const auto* text = std::get_if<std::string>(&value);
  return std::holds_alternative<std::monostate>(value) || (text && *text == "auto");
}

bool settings::is_given(std::string_view key) const {
  return at(key).where.from != source::standard;
}

const std::string& settings::text(std::string_view key) const {
  return value_as<std::string>(at(key).value);
}

std::filesystem::path settings::path(std::string_view key) const {
  assert(!is_auto(key));
  return text(key);
}

std::int64_t settings::integer(std::string_view key) const {
  return value_as<std::int64_t>(at(key).value);
}

std::optional<std::int64_t> settings::integer_unless_auto(std::string_view key) const {
  if (is_auto(key))
    return std::nullopt;
  return integer(key);
}

double settings::number(std::string_view key) const {
  return value_as<double>(at(key).value);
}

bool settings::boolean(std::string_view key) const {
  return value_as<bool>(at(key).value);
}

const std::vector<std::string>& settings::list(std::string_view key) const {
  return value_as<std::vector<std::string>>(at(key).value);
}

std::chrono::milliseconds settings::duration(std::string_view key) const {
  return value_as<std::chrono::milliseconds>(at(key).value);
}

const option_value& settings::value_of(std::string_view key) const {
  return at(key).value;
}

const origin& settings::origin_of(std::string_view key) const {
  return at(key).where;
}

void settings::set(std::string_view key, option_value value, origin where) {
  assert(find_option(key));
  entries_.insert_or_assign(std::string(key), entry{std::move(value), std::move(where)});
}

} // namespace trainyard
