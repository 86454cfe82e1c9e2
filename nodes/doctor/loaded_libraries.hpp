// Shared libraries of this process, by the names of their real files.
#pragma once

#include <filesystem>
#include <vector>

namespace trainyard {

/// In the order of loading; the program itself is not among them.
[[nodiscard]] std::vector<std::filesystem::path> loaded_libraries();

} // namespace trainyard
