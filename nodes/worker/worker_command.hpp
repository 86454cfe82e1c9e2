// `trainyard worker`.
#pragma once

#include "config/settings.hpp"

namespace trainyard {

/// Returns the process's exit status.
[[nodiscard]] int worker_command(const settings& from);

} // namespace trainyard
