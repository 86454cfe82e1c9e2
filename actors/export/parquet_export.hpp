// A whole folder as one Parquet file, for whatever reads Arrow: pandas, DuckDB, Spark, Lance.
#pragma once

#include <filesystem>

#include "actors/search/vector_folder.hpp"
#include "messages/failure.hpp"

namespace trainyard {

enum class vector_column : bool { without, with };

/// The columns of metadata/ and, last, `vector`: fixed-size list of dim float32, the stored numbers widened
/// exactly. Row order is the folder's. space_id, model and session_id stand in the schema's metadata.
/// The file appears under its name when it is whole. output_unwritable or disk_full with Arrow's text.
[[nodiscard]] result<void> export_parquet(const vector_folder& folder, const std::filesystem::path& file,
                                          vector_column vectors = vector_column::with);

} // namespace trainyard
