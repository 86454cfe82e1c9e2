// Where the running program's own file is, so that what was built or installed beside it is found.
#pragma once

#include <filesystem>

namespace trainyard {

/// Absolute, links resolved; empty where the system does not say.
[[nodiscard]] std::filesystem::path program_path();

} // namespace trainyard
