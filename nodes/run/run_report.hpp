// From a session's outcome to the final report, the last words on stderr, and the exit status.
#pragma once

#include "actors/coordinator/outcome_report.hpp"
#include "config/settings.hpp"
#include "nodes/run/run_plan.hpp"
#include "nodes/terminal/console.hpp"
#include "nodes/terminal/report.hpp"

namespace trainyard {

/// Prints report and notices; `signal` is what interrupted the run, or 0. Returns the exit status.
[[nodiscard]] int conclude(const session_outcome& outcome, const run_plan& plan, const settings& from,
                           int signal, console& screen);

} // namespace trainyard
