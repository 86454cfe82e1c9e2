// Commands first, then options by section, as a reader looks for either.
#include "config/manual_page.hpp"

#include <algorithm>
#include <cctype>

#include "config/commands.hpp"
#include "config/options.hpp"
#include "config/parse_value.hpp"

namespace trainyard {
namespace {

constexpr const char* description =
    ".SH DESCRIPTION\n"
    "trainyard embeds very large image collections for image search on the devices that you have.\n"
    ".B trainyard run\n"
    "does so on this machine alone, through a NATS server of its own.\n"
    "A fleet has one NATS server with JetStream, coordinators, which own sessions and write their output,\n"
    "workers, which embed, and a gateway, which serves HTTP.\n";

constexpr const char* tail =
    ".SH CONFIGURATION\n"
    "Every option is a flag, an environment variable and a key of a TOML file.\n"
    "Order: flag, environment,\n.BR \\-\\-config ,\nuser file, default.\n"
    ".B trainyard config show \\-\\-origin\nshows what holds and why.\n"
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nAll is embedded, or was already.\n"
    ".TP\n.B 2\nA wrong command line.\n"
    ".TP\n.B 3\nFinished; some images failed, and are listed.\n"
    ".TP\n.B 66\nThe input is missing.\n"
    ".TP\n.B 69\nNATS, or a program that is needed, cannot be reached.\n"
    ".TP\n.B 71\nA limit of the system.\n"
    ".TP\n.B 73\nThe output cannot be written.\n"
    ".TP\n.B 75\nTry again: it goes on where it stopped.\n"
    ".TP\n.B 77\nDenied.\n"
    ".TP\n.B 78\nA bad configuration or model.\n"
    ".TP\n.BR 130 ,\\~ 143\nEnded by a signal.\n"
    ".SH FILES\n"
    ".TP\n.I ~/.config/trainyard/config.toml\nThe user's configuration; on macOS below ~/Library/Application "
    "Support.\n"
    ".TP\n.I ~/.local/state/trainyard\nWhat was learned of this machine's devices.\n"
    ".SH EXAMPLES\n"
    ".EX\n"
    "trainyard run ~/Pictures \\-\\-out vectors\n"
    "trainyard search vectors \\-\\-image beach.jpg\n"
    "trainyard doctor \\-\\-role worker \\-\\-nats nats://hub:4222\n"
    "trainyard service install worker \\-\\-root photos=/srv/photos\n"
    ".EE\n"
    ".SH SEE ALSO\n"
    ".BR nats\\-server (8)\n";

std::string bold(std::string_view text) {
  return "\\fB" + roff_text(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + roff_text(text) + "\\fR";
}

std::string value_of(const option& which) {
  if (which.type == option_type::boolean)
    return "";
  if (which.type == option_type::choice)
    return " " + italic(which.choices);
  if (which.type == option_type::list)
    return " " + italic(which.item) + ",...";
  return " " + italic(which.type == option_type::integer    ? "N"
                      : which.type == option_type::number   ? "X"
                      : which.type == option_type::duration ? "TIME"
                      : which.type == option_type::path     ? "PATH"
                                                            : "TEXT");
}

std::string names_of(const option& which) {
  if (which.flag.empty())
    return bold(environment_name(which)) + " (environment only)";
  auto text = bold(which.flag);
  if (which.type == option_type::boolean)
    text += ", " + bold("--no-" + std::string(which.flag.substr(2)));
  return text + value_of(which);
}

std::string option_entry(const option& which) {
  const auto unit = which.unit.empty() || which.standard == "auto" ? "" : " " + std::string(which.unit);
  auto text = ".TP\n" + names_of(which) + "\n" + roff_text(which.sentence) + "\n";
  text += which.standard.empty() ? "Not set by default.\n"
                                 : "Default: " + roff_text(std::string(which.standard) + unit) + ".\n";
  const bool is_counted = which.type == option_type::integer || which.type == option_type::number ||
                          which.type == option_type::duration;
  if (is_counted)
    text += "A value is " + roff_text(expected_of(which)) + ".\n";
  return text;
}

std::string sections_of(const command& of) {
  std::string text;
  std::string_view section;
  for (const auto& each : options())
    if (const auto here = each.key.substr(0, each.key.find('.')); takes(of, each) && here != section) {
      section = here;
      text += (text.empty() ? "" : ", ") + std::string(here);
    }
  return text;
}

std::string command_entry(const command& of) {
  auto text = ".TP\n" + bold("trainyard " + std::string(of.name));
  if (!of.positional.empty())
    text += " " + italic(of.positional);
  text += "\n" + roff_text(of.sentence) + "\n";
  if (!of.positional.empty())
    text += italic(of.positional) + ": " + roff_text(of.positional_sentence) + "\n";
  if (!of.switch_name.empty())
    text += bold(of.switch_name) + ": " + roff_text(of.switch_sentence) + "\n";
  if (const auto sections = sections_of(of); !sections.empty())
    text += "Options: " + roff_text(sections) + ".\n";
  return text;
}

std::string option_sections_text() {
  std::string text =
      ".SH OPTIONS\n"
      "By section, as the keys of a configuration file; each command names the sections of which it "
      "takes some or all.\n";
  std::string_view section;
  for (const auto& each : options()) {
    if (const auto here = each.key.substr(0, each.key.find('.')); here != section) {
      section = here;
      text += ".SS " + roff_text(here) + "\n";
    }
    text += option_entry(each);
  }
  return text;
}

} // namespace

std::string roff_text(std::string_view raw) {
  std::string out;
  for (const char each : raw) {
    if (out.empty() && (each == '.' || each == '\''))
      out += "\\&";
    if (each == '\\')
      out += "\\e";
    else if (each == '-')
      out += "\\-";
    else if (each == '\n')
      out += ' ';
    else
      out += each;
  }
  return out;
}

std::string manual_page(std::string_view version) {
  auto text = ".\\\" Written by `trainyard man`.\n.TH TRAINYARD 1 \"\" \"trainyard " + roff_text(version) +
              "\" \"User Commands\"\n"
              ".SH NAME\ntrainyard \\- embeds image collections on the machines that you own\n"
              ".SH SYNOPSIS\n.B trainyard\n.I COMMAND\n.RI [ OPTIONS ]\n" +
              description + ".SH COMMANDS\n";
  for (const auto& each : commands())
    text += command_entry(each);
  return text + option_sections_text() + tail;
}

} // namespace trainyard
