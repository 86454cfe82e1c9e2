// Two columns, folded to the width of a page.
#include "config/help_text.hpp"

#include <algorithm>
#include <cctype>

#include "config/options.hpp"

namespace trainyard {
namespace {

constexpr std::size_t text_column = 34;
constexpr std::size_t page_columns = 100;

constexpr std::string_view sources_and_statuses =
    "Every option is an environment variable too (--gpu-batch-size is TRAINYARD_GPU_BATCH_SIZE) and a key "
    "of\n"
    "the configuration file (--config FILE, else the user's). Order: flag, environment, --config, user "
    "file,\n"
    "default. `trainyard config show --origin` shows what holds and why.\n\n"
    "Exit status: 0 all embedded or done already, 2 usage, 3 some images failed, 66 no input, 69 no NATS,\n"
    "73 output not writable, 75 try again, 77 denied, 78 bad configuration or model, 130 interrupted.\n";

/// `left` in the first column and `right` folded into the second.
std::string row(const std::string& left, std::string_view right) {
  std::string out = "  " + left;
  if (out.size() + 2 > text_column)
    out += "\n" + std::string(text_column, ' ');
  else
    out.resize(text_column, ' ');
  std::size_t column = text_column;
  while (!right.empty()) {
    const auto word = right.substr(0, right.find(' '));
    if (column > text_column && column + 1 + word.size() > page_columns) {
      out += "\n" + std::string(text_column, ' ');
      column = text_column;
    }
    out += (column > text_column ? " " : "") + std::string(word);
    column += word.size() + (column > text_column ? 1 : 0);
    right.remove_prefix(std::min(word.size() + 1, right.size()));
  }
  return out + "\n";
}

std::string value_name(const option& which) {
  switch (which.type) {
  case option_type::integer:
    return which.automatic ? " N|auto" : " N";
  case option_type::number:
    return " X";
  case option_type::duration:
    return " TIME";
  case option_type::choice:
    return " " + std::string(which.choices);
  case option_type::path:
    return " PATH";
  case option_type::list:
    return " " + std::string(which.item) + ",...";
  case option_type::text:
    return " NAME";
  case option_type::boolean:
    break;
  }
  return "";
}

std::string default_of(const option& which) {
  if (which.standard.empty())
    return "not set";
  if (which.type == option_type::boolean)
    return which.standard == "true" ? "on" : "off";
  const bool counted = !which.unit.empty() && which.standard != "auto";
  return std::string(which.standard) + (counted ? " " + std::string(which.unit) : "");
}

/// " DIR", " TEXT..." or nothing.
std::string positional_of(const command& of) {
  return of.positional.empty() ? "" : " " + std::string(of.positional) + (of.many ? "..." : "");
}

std::string option_row(const option& which, std::string_view letter) {
  const bool is_on = which.type == option_type::boolean && which.standard == "true";
  const auto flag = which.flag.empty() ? environment_name(which)
                    : is_on            ? "--[no-]" + std::string(which.flag.substr(2))
                                       : std::string(which.flag);
  const auto names = (letter.empty() ? "" : std::string(letter) + ", ") + flag;
  return row(names + (which.flag.empty() ? "" : value_name(which)),
             std::string(which.sentence) + " [" + default_of(which) + "]");
}

std::string option_rows(const command& of) {
  std::string out;
  std::string_view section;
  for (const auto& each : options()) {
    if (!takes(of, each))
      continue;
    if (const auto here = each.key.substr(0, each.key.find('.')); here != section) {
      section = here;
      out += "\n" + std::string(here) + ":\n";
      auto& first = out[out.size() - here.size() - 2];
      first = static_cast<char>(std::toupper(static_cast<unsigned char>(first)));
    }
    out += option_row(each, of.letter_of == each.key ? of.letter : "");
  }
  return out;
}

} // namespace

std::string program_help() {
  std::string out = "trainyard embeds very large image collections on the devices that you have.\n\n"
                    "Usage: trainyard COMMAND [OPTIONS]\n\nCommands:\n";
  for (const auto& each : commands())
    out += row(std::string(each.name) + positional_of(each), each.sentence);
  return out + "\n`trainyard COMMAND --help` tells more about a command.\n";
}

std::string command_help(const command& of) {
  const auto rows = option_rows(of);
  const bool has_options = !rows.empty() || !of.switch_name.empty();
  std::string out = std::string(of.sentence) + "\n\nUsage: trainyard " + std::string(of.name) +
                    positional_of(of) + (has_options ? " [OPTIONS]" : "") + "\n\n";
  if (!of.positional.empty())
    out += row(std::string(of.positional), of.positional_sentence);
  if (!of.switch_name.empty())
    out += row(std::string(of.switch_name), of.switch_sentence);
  if (!rows.empty())
    out += row("--config FILE", "Configuration file in TOML.");
  out += row("-h, --help", "Show this help.");
  return rows.empty() ? out : out + rows + "\n" + std::string(sources_and_statuses);
}

} // namespace trainyard
