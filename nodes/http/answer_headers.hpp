// What stands in the head of every answer.
#pragma once

#include <string>

#include "nodes/http/http_text.hpp"

namespace trainyard {

/// The dashboard is all that may run or show here, and nobody may frame or guess.
[[nodiscard]] const http_headers& safety_headers();
[[nodiscard]] std::string http_date(); ///< now

} // namespace trainyard
