// For bash 3.2 and later: no mapfile, as macOS has none.
#include <map>

#include "config/completion.hpp"

namespace trainyard {
namespace {

constexpr const char* head =
    R"sh(# Completes command lines of trainyard in bash; written by `trainyard completion bash`.
# To have it in every shell: trainyard completion bash > ~/.local/share/bash-completion/completions/trainyard
_trainyard_take() { # words for compgen -> COMPREPLY
  local each
  while IFS= read -r each; do COMPREPLY+=("$each"); done < <(compgen "$@")
}
_trainyard_files() { # -f or -d, word
  compopt -o filenames 2>/dev/null
  _trainyard_take "$1" -- "$2"
}
_trainyard() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]-}
  COMPREPLY=()
  if [[ $word == "=" ]]; then word=""
  elif [[ $before == "=" ]]; then before=${COMP_WORDS[COMP_CWORD-2]}
  fi
)sh";

std::string words_line(const std::vector<std::string>& words) {
  return "_trainyard_take -W '" + joined(words, " ") + "' -- \"$word\"";
}

std::string first_and_second_words() {
  std::string text = "  if [[ $COMP_CWORD -eq 1 ]]; then " + words_line(first_words()) + "; return; fi\n";
  text += "  case $command in\n";
  for (const auto& first : first_words())
    if (const auto more = second_words(first); !more.empty())
      text += "    " + first + ")\n      if [[ $COMP_CWORD -eq 2 ]]; then " + words_line(more) +
              "; return; fi\n      command=\"$command ${COMP_WORDS[2]}\" ;;\n";
  return text + "  esac\n";
}

/// A flag means the same wherever it is taken, but for few, which then complete nothing.
std::map<std::string, completed_flag> flags_by_name() {
  std::map<std::string, completed_flag> all;
  for (const auto& of : commands())
    for (auto& each : completed_flags(of)) {
      const auto [at, is_new] = all.emplace(each.flag, each);
      if (!is_new && (at->second.value != each.value || at->second.choices != each.choices))
        at->second.value = completed_as::nothing;
    }
  return all;
}

std::string values() {
  std::string text = "  case $before in\n";
  std::string files;
  std::string nothing;
  for (const auto& [flag, each] : flags_by_name()) {
    if (!each.takes_value)
      continue;
    if (each.value == completed_as::choices)
      text += "    " + flag + ") " + words_line(each.choices) + "; return ;;\n";
    else
      (each.value == completed_as::files ? files : nothing) += "|" + flag;
  }
  return text + "    " + files.substr(1) + ") _trainyard_files -f \"$word\"; return ;;\n    " +
         nothing.substr(1) + ") return ;;\n  esac\n";
}

std::string arguments_of(const command& of) {
  std::vector<std::string> flags;
  for (const auto& each : completed_flags(of))
    flags.push_back(each.flag);
  std::string text =
      "    '" + std::string(of.name) + "')\n      if [[ $word == -* ]]; then " + words_line(flags);
  if (completed_positional(of) == completed_as::folders)
    text += "; else _trainyard_files -d \"$word\"";
  else if (completed_positional(of) == completed_as::choices)
    text += "; else " + words_line(parts_of(of.positional_choices));
  return text + "; fi ;;\n";
}

} // namespace

std::string bash_completion() {
  auto text = head + first_and_second_words() + values() + "  case $command in\n";
  for (const auto& each : commands())
    text += arguments_of(each);
  return text + "  esac\n}\ncomplete -F _trainyard trainyard\n";
}

} // namespace trainyard
