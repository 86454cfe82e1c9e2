// A session that has ended, as `run` would tell it: progress, report, exit status. Pure.
#pragma once

#include <optional>

#include "messages/api.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// completed, cancelled or failed.
[[nodiscard]] bool has_ended(const session_status& status);
[[nodiscard]] session_progress progress_of(const session_status& status);
/// The status' own report; where it has none, one of what the status tells.
[[nodiscard]] session_report report_of(const session_status& status);
/// Why it failed; nothing where it did not.
[[nodiscard]] std::optional<failure> why_failed(const session_status& status);
/// 0 all embedded, 3 some images failed, 130 cancelled, else the status of what it failed by.
[[nodiscard]] int exit_status_of(const session_status& status);

} // namespace trainyard
