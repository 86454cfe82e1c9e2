// From a session's outcome to the final report that users see.
#pragma once

#include "actors/coordinator/session_outcome.hpp"
#include "messages/report.hpp"

namespace trainyard {

[[nodiscard]] session_report report_of(const session_outcome& outcome);

} // namespace trainyard
