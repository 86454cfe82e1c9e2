// Arguments to a plain description of what is asked for; CLI11 stays behind this file.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "messages/failure.hpp"

namespace trainyard {

struct parsed_command {
  std::string command; ///< "run", "config show", "version"; empty with `help`
  std::vector<std::string> positionals;
  std::map<std::string, std::string, std::less<>> flags; ///< option key -> text: load_request::flags
  std::set<std::string, std::less<>> switches;           ///< of the command alone: "--origin"
  std::optional<std::filesystem::path> config_file;      ///< --config
  std::optional<std::string> help; ///< asked for: print it on stdout and exit 0, nothing else is set
};

/// `arguments` without the program's name. Every mistake is failure_kind::usage (exit status 2). Values of
/// options are checked by load_settings, not here, so that flags and files are told about in the same way.
[[nodiscard]] result<parsed_command> parse_command_line(std::span<const std::string> arguments);

} // namespace trainyard
