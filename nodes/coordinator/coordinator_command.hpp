// `trainyard coordinator`.
#pragma once

#include "config/settings.hpp"

namespace trainyard {

/// Returns the process's exit status.
[[nodiscard]] int coordinator_command(const settings& from);

} // namespace trainyard
