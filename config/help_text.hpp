// --help, made from the two tables: commands and options.
#pragma once

#include <string>

#include "config/commands.hpp"

namespace trainyard {

[[nodiscard]] std::string program_help();
[[nodiscard]] std::string command_help(const command& of);

} // namespace trainyard
