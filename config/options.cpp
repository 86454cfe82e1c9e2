// The table put together, and what is looked up in it.
#include "config/options.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "config/edit_distance.hpp"
#include "config/options/sections.hpp"

namespace trainyard {
namespace {

std::vector<option> put_together() {
  std::vector<option> table;
  for (const auto section : {option_sections::run(), option_sections::device(), option_sections::nats(),
                             option_sections::cluster(), option_sections::images(),
                             option_sections::gateway(), option_sections::metrics(), option_sections::job(),
                             option_sections::page(), option_sections::search(), option_sections::text(),
                             option_sections::exports(), option_sections::doctor(),
                             option_sections::service(), option_sections::paths(), option_sections::log()})
    table.insert(table.end(), section.begin(), section.end());
  return table;
}

std::string_view name_of(std::string_view key) {
  return key.substr(key.find('.') + 1);
}

} // namespace

std::span<const option> options() {
  static const auto table = put_together();
  return table;
}

const option* find_option(std::string_view key) {
  const auto table = options();
  const auto found = std::ranges::find(table, key, &option::key);
  return found == table.end() ? nullptr : &*found;
}

std::string environment_name(const option& which) {
  if (!which.environment.empty())
    return std::string(which.environment);
  std::string name = "TRAINYARD_" + std::string(which.flag.substr(2));
  for (char& each : name)
    each = each == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(each)));
  return name;
}

std::optional<std::string_view> nearest_key(std::string_view key) {
  nearest best(key);
  nearest best_name(name_of(key)); // "model" and "rum.model" both mean run.model
  for (const auto& each : options()) {
    best.consider(each.key, each.key);
    best_name.consider(name_of(each.key), each.key);
  }
  return best.distance() <= best_name.distance() ? best.found() : best_name.found();
}

} // namespace trainyard
