// Pages of a session's failures.jsonl, for clients that cannot see the output folder.
#pragma once

#include <filesystem>

#include "messages/api.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Blocks on the disk; reads from the beginning up to the page, a line at a time. An absent file is an empty
/// page; a line that is torn at the end is not there yet.
[[nodiscard]] result<failure_page> read_failures(const std::filesystem::path& output,
                                                 const std::string& session, const failures_request& page);

} // namespace trainyard
