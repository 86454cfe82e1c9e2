// What the metadata tells of the rows that were found.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "actors/coordinator/output/metadata_table.hpp"
#include "actors/search/best_rows.hpp"
#include "actors/search/vector_folder.hpp"

namespace trainyard {

struct search_hit {
  scored_row found;
  const vector_shard* shard = nullptr; ///< of the folder that was searched
  metadata_row about;
};

/// In the order of `rows`. Reads the Parquet file of each shard that holds a hit, one at a time. The folder
/// must outlive the hits. output_corrupt for a table that does not fit its shard.
[[nodiscard]] result<std::vector<search_hit>> hits_of(const vector_folder& folder,
                                                      std::span<const scored_row> rows);

/// The image's path as the disk has it: image_path is printable, and names that are not UTF-8 stand there
/// with \xHH. The asset's id tells whether it is right; nothing where it is not.
[[nodiscard]] std::optional<std::string> raw_path_of(const metadata_row& row);

} // namespace trainyard
