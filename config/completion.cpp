// What the three scripts have in common, read from the tables.
#include "config/completion.hpp"

#include <algorithm>

#include "config/command_mistakes.hpp"

namespace trainyard {
namespace {

void add_option(std::vector<completed_flag>& to, const option& which) {
  completed_flag each{std::string(which.flag), std::string(which.sentence)};
  switch (which.type) {
  case option_type::boolean:
    each.takes_value = false;
    to.push_back(each);
    each.flag = "--no-" + each.flag.substr(2);
    break;
  case option_type::choice:
    each.value = completed_as::choices;
    each.choices = parts_of(which.choices);
    break;
  case option_type::path:
    each.value = completed_as::files;
    break;
  default:
    break;
  }
  to.push_back(std::move(each));
}

} // namespace

result<std::string> completion_script(std::string_view shell) {
  if (shell == "bash")
    return bash_completion();
  if (shell == "zsh")
    return zsh_completion();
  if (shell == "fish")
    return fish_completion();
  return tl::unexpected(usage("'" + std::string(shell) + "' is no shell that trainyard completes in",
                              "one of bash, zsh, fish"));
}

std::vector<completed_flag> completed_flags(const command& of) {
  std::vector<completed_flag> all;
  for (const auto& each : options())
    if (takes(of, each) && !each.flag.empty())
      add_option(all, each);
  if (!all.empty())
    all.push_back({"--config", "Configuration file in TOML.", true, completed_as::files});
  if (!of.switch_name.empty())
    all.push_back({std::string(of.switch_name), std::string(of.switch_sentence), false});
  all.push_back({"--help", "Show what the command takes.", false});
  return all;
}

completed_as completed_positional(const command& of) {
  if (!of.positional_choices.empty())
    return completed_as::choices;
  const bool is_folder = of.positional == "DIR" || of.positional == "OUT" || of.positional == "MODEL";
  return is_folder ? completed_as::folders : completed_as::nothing;
}

std::vector<std::string> parts_of(std::string_view choices) {
  std::vector<std::string> parts;
  while (!choices.empty()) {
    const auto end = std::min(choices.find('|'), choices.size());
    parts.emplace_back(choices.substr(0, end));
    choices.remove_prefix(std::min(end + 1, choices.size()));
  }
  return parts;
}

std::vector<std::string> first_words() {
  std::vector<std::string> words;
  for (const auto& each : commands())
    if (const std::string first(each.name.substr(0, each.name.find(' ')));
        std::ranges::find(words, first) == words.end())
      words.push_back(first);
  return words;
}

std::vector<std::string> second_words(std::string_view first) {
  std::vector<std::string> words;
  for (const auto& each : commands())
    if (each.name.starts_with(std::string(first) + " "))
      words.emplace_back(each.name.substr(first.size() + 1));
  return words;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const auto& each : words)
    text += (text.empty() ? "" : std::string(between)) + each;
  return text;
}

} // namespace trainyard
