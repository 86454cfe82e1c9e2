// What coordinators answer, as tables for people. Pure.
#pragma once

#include <string>

#include "messages/api.hpp"

namespace trainyard {

[[nodiscard]] std::string status_table(const session_status& status);
/// A line per session under a line of headings; a sentence where there is none.
[[nodiscard]] std::string sessions_table(const session_list& list);
[[nodiscard]] std::string devices_table(const device_list& list);
[[nodiscard]] std::string failures_table(const failure_page& page);

} // namespace trainyard
