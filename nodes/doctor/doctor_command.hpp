// `trainyard doctor`: looks at all that a role needs on this machine, and changes nothing.
#pragma once

#include "config/settings.hpp"

namespace trainyard {

/// The process's exit status: 0 where nothing is bad, else 1.
[[nodiscard]] int doctor_command(const settings& from);

} // namespace trainyard
