// `trainyard gateway`.
#pragma once

#include "config/settings.hpp"

namespace trainyard {

/// Blocks until a signal; returns the exit status.
[[nodiscard]] int gateway_command(const settings& from);

} // namespace trainyard
