// Settings to what a coordinator goes by; everything wrong with them is told before it takes work.
#pragma once

#include <string>

#include "actors/coordinator/host/session_host.hpp"
#include "config/settings.hpp"
#include "nodes/images/upload_quota.hpp"

namespace trainyard {

/// Blocks on the disk. input_missing for a root that is not there, output_unwritable for an output root that
/// cannot be made. `node`: this process's name.
[[nodiscard]] result<host_config> plan_coordinator(const settings& from, const std::string& node);

[[nodiscard]] upload_limits upload_limits_of(const settings& from);

} // namespace trainyard
