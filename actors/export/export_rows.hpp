// A folder's rows with their vectors, block by block, for whatever they are written into.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "actors/coordinator/output/metadata_table.hpp"
#include "actors/search/vector_folder.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Neighbouring rows of one shard.
struct row_block_view {
  std::uint64_t first_row = 0; ///< over all shards
  std::span<const metadata_row> about;
  std::span<const float> vectors; ///< about.size() x dim in C order: what is stored, widened exactly
};

using take_block = std::function<result<void>(const row_block_view&)>;

/// In row order; ends with the first failure of `take`. Memory: one block and one shard's metadata.
/// output_corrupt for a shard that does not fit the folder's description.
[[nodiscard]] result<void> for_each_block(const vector_folder& folder, std::uint64_t most_rows,
                                          const take_block& take);

} // namespace trainyard
