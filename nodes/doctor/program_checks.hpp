// The program itself: where it stands, which libraries it has loaded, the nats-server that a run would start.
#pragma once

#include "config/settings.hpp"
#include "nodes/doctor/finding.hpp"

namespace trainyard {

[[nodiscard]] finding on_program();
[[nodiscard]] finding on_libraries();
/// Starts it for its version, once.
[[nodiscard]] finding on_server_program(const settings& from);

} // namespace trainyard
