// The export into a running PostgreSQL; libpq stays behind this file.
#pragma once

#include <optional>
#include <string>

#include "actors/export/postgres_text.hpp"

namespace trainyard {

struct postgres_outcome {
  embedding_type type = embedding_type::vector; ///< as the table has it
  std::uint64_t rows = 0;                       ///< inserted or updated
};

/// One transaction: all rows, or none. `type` nothing: as the table has it already, else pgvector's where the
/// database has that extension, else real[]. config_invalid for a text that is no connection string (which is
/// never shown: it may hold a password), output_unwritable with the server's words, output_mismatch for a
/// table of another space.
[[nodiscard]] result<postgres_outcome> export_to_postgres(const vector_folder& folder,
                                                          const std::string& connection, postgres_table table,
                                                          std::optional<embedding_type> type);

} // namespace trainyard
