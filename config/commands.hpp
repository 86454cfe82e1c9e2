// One small description per command of `trainyard`; the parser and the help text are made from this list.
#pragma once

#include <span>
#include <string_view>

#include "config/options.hpp"

namespace trainyard {

struct command {
  std::string_view name; ///< "run", or "config show": at most two words
  std::string_view sentence{};
  std::string_view positional{}; ///< "DIR": exactly one such argument is wanted; empty: none is
  std::string_view positional_sentence{};
  std::string_view positional_choices{};        ///< all that it can be, separated by '|'; empty: not a choice
  std::span<const std::string_view> sections{}; ///< of the option table ("run", "device") that it takes
  std::span<const std::string_view> keys{};     ///< single options beside the sections: "run.json"
  std::string_view switch_name{};               ///< a flag of this command alone: "--origin"
  std::string_view switch_sentence{};
  bool many = false;            ///< the positional may stand there any number of times, but once at least
  std::string_view letter{};    ///< "-k": stands for the flag of `letter_of` as well
  std::string_view letter_of{}; ///< the option's key
};

[[nodiscard]] std::span<const command> commands();
/// No command takes two options of one flag.
[[nodiscard]] bool takes(const command& of, const option& which);

} // namespace trainyard
