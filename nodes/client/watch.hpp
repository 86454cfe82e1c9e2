// Follows a session of the cluster to its end, with the screen of `trainyard run`.
#pragma once

#include <string>

#include "config/settings.hpp"
#include "nodes/client/api_client.hpp"

namespace trainyard {

/// The session was submitted by us: that no coordinator knows it yet, or none answers, ends nothing for a
/// while.
enum class just_submitted : bool { no, yes };

/// Blocks until the session ends or a signal comes; then prints the report and returns the exit status, which
/// is that of a `run` with this end. A signal ends the watching, not the session. Lost coordinators and
/// connections are waited for.
[[nodiscard]] int watch_session(api_client& api, const std::string& session, const settings& from,
                                just_submitted fresh = just_submitted::no);

} // namespace trainyard
