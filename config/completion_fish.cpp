// For fish: one line for each word and flag, with the commands it stands behind.
#include "config/completion.hpp"

namespace trainyard {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char each : text) {
    if (each == '\'' || each == '\\')
      out += '\\';
    out += each;
  }
  return out + "'";
}

std::string value_of(const completed_flag& each) {
  if (!each.takes_value)
    return "";
  switch (each.value) {
  case completed_as::choices:
    return " -x -a " + quoted(joined(each.choices, " "));
  case completed_as::files:
  case completed_as::folders:
    return " -r -F";
  case completed_as::nothing:
    break;
  }
  return " -x";
}

std::string lines_of(const command& of) {
  const auto line = "complete -c trainyard -n " + quoted("__trainyard_is " + std::string(of.name));
  std::string text;
  for (const auto& each : completed_flags(of))
    text += line + " -l " + each.flag.substr(2) + value_of(each) + " -d " + quoted(each.sentence) + "\n";
  if (completed_positional(of) == completed_as::choices)
    text += line + " -a " + quoted(joined(parts_of(of.positional_choices), " ")) + "\n";
  if (completed_positional(of) == completed_as::folders)
    text += line + " -a '(__fish_complete_directories)'\n";
  return text;
}

std::string sentence_of(const std::string& name) {
  for (const auto& each : commands())
    if (each.name == name)
      return std::string(each.sentence);
  return "More commands.";
}

} // namespace

std::string fish_completion() {
  std::string text =
      "# Completes command lines of trainyard in fish; written by `trainyard completion fish`.\n"
      "# Put it into ~/.config/fish/completions/trainyard.fish\n"
      "function __trainyard_is # do the words behind trainyard begin with these?\n"
      "  set -l words (commandline -opc)[2..]\n"
      "  set -l size (count $argv)\n"
      "  test (count $words) -ge $size; and test \"$words[1..$size]\" = \"$argv\"\n"
      "end\n"
      "function __trainyard_has # exactly these?\n"
      "  set -l words (commandline -opc)[2..]\n"
      "  test \"$words\" = \"$argv\"\n"
      "end\n"
      "complete -c trainyard -f\n";
  for (const auto& first : first_words()) {
    text +=
        "complete -c trainyard -n '__trainyard_has' -a " + first + " -d " + quoted(sentence_of(first)) + "\n";
    for (const auto& second : second_words(first))
      text += "complete -c trainyard -n " + quoted("__trainyard_has " + first) + " -a " + second + " -d " +
              quoted(sentence_of(first + " " + second)) + "\n";
  }
  for (const auto& each : commands())
    text += lines_of(each);
  return text;
}

} // namespace trainyard
