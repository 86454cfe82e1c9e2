// `trainyard export OUT`: an output folder in another program's form.
#pragma once

#include <string>

#include "config/settings.hpp"

namespace trainyard {

/// Returns the exit status. stdout says what was written, as a line or one JSON object.
[[nodiscard]] int export_command(const std::string& out, const settings& from);

} // namespace trainyard
