// What --precision auto means for a run on this machine alone: measured once, then remembered.
#pragma once

#include <string>

#include "nodes/worker/worker_plan.hpp"

namespace trainyard {

/// fp32 for convolutional networks, whose vectors bf16 moves too far, where devices differ in kind, and where
/// there is no state folder to remember a choice in; else what this machine's first device was measured to be
/// faster in. The first time it blocks for seconds. A cluster's auto is fp32: its workers must agree.
[[nodiscard]] result<std::string> precision_of_run(const worker_plan& plan);

} // namespace trainyard
