// One search of a folder that another process may be writing.
#pragma once

#include <span>
#include <vector>

#include "actors/search/exact_search.hpp"
#include "actors/search/hit_details.hpp"

namespace trainyard {

struct search_query {
  enum class of : std::uint8_t { image, text };
  of kind = of::image;
  std::string text; ///< the image's path, or the words
};

/// Moves, but is not copied: hits point into the folder's shards.
struct search_outcome {
  vector_folder folder;
  std::vector<search_hit> hits; ///< best first
  std::uint64_t not_finite = 0;
  double seconds = 0; ///< of the search alone: reading and multiplying every row

  search_outcome() = default;
  search_outcome(search_outcome&&) = default;
  search_outcome& operator=(search_outcome&&) = default;
};

/// A shard that is replaced while it is searched (`run --prune`, changed files) is no failure: the folder is
/// looked at again.
[[nodiscard]] result<search_outcome> search_now(vector_folder folder, std::span<const float> query,
                                                std::size_t k);

} // namespace trainyard
