// What every role says of its own process: build, memory, processor time, open files.
#pragma once

#include <string_view>

#include "nodes/metrics/metrics_text.hpp"

namespace trainyard {

/// What the system does not tell is left out, not 0. Reads /proc on Linux.
void add_process_metrics(metrics_text& to, std::string_view role, std::string_view version);

} // namespace trainyard
