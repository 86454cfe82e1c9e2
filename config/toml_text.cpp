// The table as TOML for people: config/default.toml, and what `trainyard config show` prints.
#include <algorithm>

#include "config/options.hpp"
#include "config/parse_value.hpp"
#include "config/settings.hpp"

namespace trainyard {
namespace {

std::string_view section_of(const option& which) {
  return which.key.substr(0, which.key.find('.'));
}

std::string_view name_of(const option& which) {
  return which.key.substr(which.key.find('.') + 1);
}

/// "[section]" before its first option, with an empty line between sections.
std::string heading(const option& which, std::string_view& section) {
  if (section == section_of(which))
    return "";
  const std::string gap = section.empty() ? "" : "\n";
  section = section_of(which);
  return gap + "[" + std::string(section) + "]\n";
}

std::string comment_of(const option& which) {
  std::string text = "# " + std::string(which.sentence) + "\n# ";
  const bool free_text = which.type == option_type::text || which.type == option_type::path;
  if (!free_text)
    text += "A value is " + expected_of(which) +
            (which.unit.empty() ? "" : " (" + std::string(which.unit) + ")") + ". ";
  text += which.flag.empty() ? "No flag, environment " : "Flag " + std::string(which.flag) + ", environment ";
  text += environment_name(which);
  if (!which.legacy_environment.empty())
    text += " or " + std::string(which.legacy_environment);
  return text + ".\n";
}

} // namespace

std::string to_toml() {
  std::string text =
      "# Every option of trainyard with its default. Copy what you change into a file of your own and give "
      "it\n"
      "# with --config, or put it where `trainyard config show --origin` says that the user's file is.\n\n";
  std::string_view section;
  for (const auto& each : options()) {
    const auto value = parse_value(each, each.standard);
    text += heading(each, section) + comment_of(each);
    text += std::string(name_of(each)) + " = " + toml_of(each, *value) + "\n";
  }
  return text;
}

std::string show(const settings& of, bool with_origin) {
  constexpr std::size_t widest = 60; // a longer value pushes its own comment only
  std::size_t width = 0;
  const auto line = [&](const option& each) {
    return std::string(name_of(each)) + " = " + toml_of(each, of.value_of(each.key));
  };
  for (const auto& each : options())
    width = std::max(width, std::min(line(each).size(), widest));
  std::string text;
  std::string_view section;
  for (const auto& each : options()) {
    auto shown = line(each);
    if (with_origin) {
      shown.resize(std::max(shown.size(), width), ' ');
      shown += "  # " + to_string(of.origin_of(each.key));
    }
    text += heading(each, section) + shown + "\n";
  }
  return text;
}

} // namespace trainyard
