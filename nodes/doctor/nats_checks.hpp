// The way to the cluster: servers, JetStream, what this login may do, the clock, and who answers.
#pragma once

#include <string_view>

#include "config/settings.hpp"
#include "nodes/doctor/finding.hpp"

namespace trainyard {

/// Blocks for some round trips, and for some seconds where nobody answers. Stores nothing and takes nothing
/// from any queue.
void look_at_nats(findings& all, const settings& from, std::string_view role);

} // namespace trainyard
