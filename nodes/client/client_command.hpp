// The commands that ask a cluster: submit, sessions, status, watch, pause, resume, cancel, retry, failures,
// devices.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace trainyard {

[[nodiscard]] bool is_client_command(std::string_view name);

/// Blocks; the answer goes to stdout (a table, or with run.json the reply as one line of JSON), notices and
/// errors to stderr. Returns the exit status. REQUIRES: is_client_command(name), and the positionals that
/// config/commands says.
[[nodiscard]] int client_command(std::string_view name, const std::vector<std::string>& positionals,
                                 const settings& from);

} // namespace trainyard
