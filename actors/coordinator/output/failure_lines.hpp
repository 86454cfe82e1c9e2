// The lines of failures.jsonl.
#pragma once

#include <span>
#include <string>

#include "messages/wire.hpp"

namespace trainyard {

/// One line of JSON for each failed asset of `done`, in listing order; names and reasons in printable UTF-8.
[[nodiscard]] std::string failure_lines(std::span<const work_asset> assets, const batch_result& done);

} // namespace trainyard
