// A path as it may stand in one line of a failure: no control bytes, valid UTF-8 whatever the name held.
#pragma once

#include <string>
#include <string_view>

namespace trainyard {

/// In double quotes; bytes outside printable ASCII as \xNN, long paths shortened in the middle.
[[nodiscard]] std::string printable(std::string_view path);

} // namespace trainyard
