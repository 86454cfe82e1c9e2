// For zsh: one _arguments call for each command.
#include "config/completion.hpp"

namespace trainyard {
namespace {

/// Within '[...]' of _arguments, in single quotes.
std::string safe(std::string_view sentence) {
  std::string out;
  for (const char each : sentence) {
    if (each == '[' || each == ']' || each == '\\' || each == ':')
      out += '\\';
    if (each == '\'')
      out += "'\\''";
    else
      out += each;
  }
  return out;
}

std::string action_of(completed_as value, const std::vector<std::string>& choices) {
  switch (value) {
  case completed_as::choices:
    return "(" + joined(choices, " ") + ")";
  case completed_as::files:
    return "_files";
  case completed_as::folders:
    return "_files -/";
  case completed_as::nothing:
    break;
  }
  return "";
}

std::string line_of(const completed_flag& each) {
  auto text = "'" + each.flag + (each.takes_value ? "=" : "") + "[" + safe(each.sentence) + "]";
  if (each.takes_value)
    text += ":value:" + action_of(each.value, each.choices);
  return text + "'";
}

std::string case_of(const command& of) {
  auto text = "    '" + std::string(of.name) + "')\n      _arguments -s";
  for (const auto& each : completed_flags(of))
    text += " \\\n        " + line_of(each);
  if (!of.positional.empty())
    text += " \\\n        '1:" + safe(of.positional) + ":" +
            action_of(completed_positional(of), parts_of(of.positional_choices)) + "'";
  return text + " ;;\n";
}

std::string described(const std::vector<std::string>& words, std::string_view before) {
  std::string text;
  for (const auto& word : words) {
    std::string sentence = "more commands";
    for (const auto& each : commands())
      if (each.name == std::string(before) + word)
        sentence = each.sentence;
    text += " '" + word + ":" + safe(sentence) + "'";
  }
  return text;
}

} // namespace

std::string zsh_completion() {
  std::string text = "#compdef trainyard\n"
                     "# Completes command lines of trainyard in zsh; written by `trainyard completion zsh`.\n"
                     "# Put it as _trainyard into a folder of $fpath.\n"
                     "_trainyard() {\n  local command=${words[2]-} skip=1\n  local -a known\n"
                     "  if (( CURRENT == 2 )); then\n    known=(" +
                     described(first_words(), "") +
                     ")\n    _describe command known; return\n  fi\n  case $command in\n";
  for (const auto& first : first_words())
    if (const auto more = second_words(first); !more.empty())
      text += "    " + first + ")\n      if (( CURRENT == 3 )); then\n        known=(" +
              described(more, first + " ") +
              ")\n        _describe command known; return\n      fi\n"
              "      command=\"$command ${words[3]}\" skip=2 ;;\n";
  text += "  esac\n  shift $skip words\n  (( CURRENT -= skip ))\n  case $command in\n";
  for (const auto& each : commands())
    text += case_of(each);
  return text + "  esac\n}\n"
                "if [ \"$funcstack[1]\" = _trainyard ]; then _trainyard \"$@\"; else compdef _trainyard "
                "trainyard; fi\n";
}

} // namespace trainyard
