// `trainyard worker`: this machine's devices, at the service of a cluster.
#pragma once

#include "config/settings.hpp"

namespace trainyard {

/// Returns the process's exit status: 0 after a signal and an orderly end, else that of what went wrong.
[[nodiscard]] int worker_command(const settings& from);

} // namespace trainyard
