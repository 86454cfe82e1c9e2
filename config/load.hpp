// Flags, environment and files become settings, or every mistake in them is told at once.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "config/settings.hpp"
#include "messages/failure.hpp"

namespace trainyard {

using environment = std::map<std::string, std::string, std::less<>>;
/// A copy of this process's environment. Call it before threads start that might change it.
[[nodiscard]] environment process_environment();

struct load_request {
  std::map<std::string, std::string, std::less<>> flags; ///< option key -> text as typed
  environment variables;
  std::optional<std::filesystem::path> config_file{}; ///< --config, else TRAINYARD_CONFIG is looked at
};

/// Order: flag > environment > config file > user file > default. Reads files, so it may block on a disk.
/// One failure holds all mistakes, a line of `cause` each with its origin; its kind is usage when all of them
/// are flags, config_invalid otherwise. Every source is checked, also where another overrides it. An empty
/// environment variable counts as not set; a leading "~/" of a path is the home folder.
[[nodiscard]] result<settings> load_settings(const load_request& request);

/// $XDG_CONFIG_HOME/trainyard/config.toml, else ~/Library/Application Support/trainyard (macOS) or
/// ~/.config/trainyard; nullopt without a home.
[[nodiscard]] std::optional<std::filesystem::path> user_config_file(const environment& variables);

} // namespace trainyard
