// Words for wrong command lines.
#include "config/command_mistakes.hpp"

#include <vector>

#include "config/edit_distance.hpp"

namespace trainyard {
namespace {

constexpr const char* first_steps = "to embed a folder: trainyard run DIR; see trainyard --help";

std::vector<std::string> names_after(const std::string& before) {
  std::vector<std::string> names;
  for (const auto& each : commands())
    if (each.name.starts_with(before))
      names.emplace_back(each.name);
  return names;
}

} // namespace

failure usage(std::string cause, std::string remedy) {
  return {failure_kind::usage, std::move(cause), std::move(remedy)};
}

std::string hint_for(const command* which) {
  return "see trainyard " + (which ? std::string(which->name) + " " : std::string()) + "--help";
}

failure unknown_command(const std::string& before, const std::string& word) {
  const auto names = names_after(before);
  if (word.empty() && before.empty())
    return usage("no command is given", first_steps);
  if (word.empty())
    return usage("`trainyard " + before.substr(0, before.size() - 1) + "` is half a command",
                 "did you mean trainyard " + names.front() + "?");
  nearest near(before + word);
  for (const auto& each : names)
    near.consider(each, each);
  return usage("'" + before + word + "' is no command of trainyard",
               near.found() ? "did you mean trainyard " + std::string(*near.found()) + "?" : first_steps);
}

failure before_the_command(const command& which, const std::string& argument) {
  return usage("'" + argument + "' stands before the command",
               "put it behind: trainyard " + std::string(which.name) + " ... " + argument);
}

failure unknown_argument(const command& which, const std::string& argument,
                         std::span<const std::string> flags) {
  nearest near(argument.substr(0, argument.find('=')));
  for (const auto& each : flags)
    near.consider(each, each);
  return usage("`trainyard " + std::string(which.name) + "` takes no '" + argument + "'",
               near.found() ? "did you mean " + std::string(*near.found()) + "?" : hint_for(&which));
}

std::optional<failure> wrong_count(const command& which, std::span<const std::string> given) {
  const std::string wanted(which.positional);
  if (wanted.empty() && given.empty())
    return std::nullopt;
  if (wanted.empty())
    return usage("`trainyard " + std::string(which.name) + "` takes no '" + given.front() + "'",
                 hint_for(&which));
  const auto form = "trainyard " + std::string(which.name) + " " + wanted;
  if (given.empty())
    return usage("`" + form + "` lacks its " + wanted, hint_for(&which));
  if (given.front().empty())
    return usage("the " + wanted + " of `" + form + "` is empty", hint_for(&which));
  if (given.size() > 1 && !which.many)
    return usage("`" + form + "` takes one " + wanted + ", but there is '" + given[1] + "' after '" +
                     given[0] + "'",
                 "quote a name that holds blanks; one command takes one " + wanted);
  return std::nullopt;
}

} // namespace trainyard
