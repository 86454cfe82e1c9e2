// The whole export as one file for psql: `psql -f FILE`.
#pragma once

#include <filesystem>

#include "actors/export/postgres_text.hpp"

namespace trainyard {

/// Stops at the first error and then changes nothing: it is one transaction.
[[nodiscard]] result<void> export_script(const vector_folder& folder, const postgres_table& table,
                                         const std::filesystem::path& file);

} // namespace trainyard
