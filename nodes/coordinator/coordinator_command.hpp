// `trainyard coordinator`: takes sessions from a cluster's clients and sees them through.
#pragma once

#include "config/settings.hpp"

namespace trainyard {

/// Returns the process's exit status: 0 after a signal, with every session given back.
[[nodiscard]] int coordinator_command(const settings& from);

} // namespace trainyard
