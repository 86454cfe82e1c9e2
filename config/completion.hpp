// Command lines completed by a shell: scripts made from the tables of commands and options.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/commands.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// `shell` is bash, zsh or fish; usage for any other. The scripts ask nobody: they know words, choices and
/// files.
[[nodiscard]] result<std::string> completion_script(std::string_view shell);

[[nodiscard]] std::string bash_completion();
[[nodiscard]] std::string zsh_completion();
[[nodiscard]] std::string fish_completion();

/// What may stand behind a flag or as a command's argument.
enum class completed_as : std::uint8_t { nothing, files, folders, choices };

struct completed_flag {
  std::string flag; ///< "--out"
  std::string sentence;
  bool takes_value = true;
  completed_as value = completed_as::nothing;
  std::vector<std::string> choices{};
};

/// Of one command, in the order of the table; --no-... of a boolean, --config and --help too.
[[nodiscard]] std::vector<completed_flag> completed_flags(const command& of);
[[nodiscard]] completed_as completed_positional(const command& of);
/// "a|b" in parts.
[[nodiscard]] std::vector<std::string> parts_of(std::string_view choices);
/// The words that can stand first, each once: "run", "config"; and behind such a one: "show".
[[nodiscard]] std::vector<std::string> first_words();
[[nodiscard]] std::vector<std::string> second_words(std::string_view first);
[[nodiscard]] std::string joined(const std::vector<std::string>& words, std::string_view between);

} // namespace trainyard
