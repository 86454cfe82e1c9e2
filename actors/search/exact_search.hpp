// Every row of every shard against one query: exact, on all cores, in memory that does not grow with the
// folder.
#pragma once

#include <span>
#include <vector>

#include "actors/search/best_rows.hpp"
#include "actors/search/vector_folder.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct search_settings {
  std::size_t k = 10;
  unsigned threads = 0; ///< 0: one per core
  /// Of one block, which one thread maps, reads once and lets go: what it costs in memory, per thread.
  std::uint64_t block_bytes = 8ULL << 20U;
};

struct found_rows {
  std::vector<scored_row> hits; ///< at most k, best first; of equal scores the earlier row
  std::uint64_t not_finite = 0; ///< rows with NaN or infinity: never hits
};

/// REQUIRES: query.size() == folder.dim. Blocks. output_corrupt with the name of a shard that is missing,
/// damaged, or another than the folder says.
[[nodiscard]] result<found_rows> search(const vector_folder& folder, std::span<const float> query,
                                        const search_settings& how);

/// Opens the shard and holds it to what the folder says of it: rows, dim, number format.
[[nodiscard]] result<npy_rows> open_shard_rows(const vector_folder& folder, const vector_shard& shard);

} // namespace trainyard
