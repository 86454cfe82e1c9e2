// `trainyard models list`, `add` and `check`: the models of this machine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace trainyard {

[[nodiscard]] bool is_models_command(std::string_view name);
/// The process's exit status.
[[nodiscard]] int models_command(std::string_view name, const std::vector<std::string>& positionals,
                                 const settings& from);

} // namespace trainyard
