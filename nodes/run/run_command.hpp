// `trainyard run DIR`: everything in one process, progress on stderr, the report on stdout, an honest exit
// status.
#pragma once

#include <string>

#include "config/settings.hpp"

namespace trainyard {

/// Returns the process's exit status (docs/errors.md). REQUIRES: no threads yet, as a private nats-server is
/// forked.
[[nodiscard]] int run_command(const std::string& directory, const settings& from);

} // namespace trainyard
