// A query in the folder's own space: the model, preprocessing and weights that made the folder.
#pragma once

#include <string>
#include <vector>

#include "actors/search/vector_folder.hpp"
#include "config/settings.hpp"
#include "nodes/search/folder_search.hpp"

namespace trainyard {

struct query_vector {
  std::vector<float> numbers; ///< folder.dim, of norm 1
  std::string notice{};       ///< what the user should know of it: words that were left out
};

/// Embedded on the CPU in fp32, which every device is held to. Blocks for reading the model, of which words
/// want the text half alone. model_missing; output_mismatch where the model is of another space;
/// model_invalid for words where it has no text tower; what the image or the text fails with.
[[nodiscard]] result<query_vector> vector_of(const search_query& query, const vector_folder& folder,
                                             const settings& from);

} // namespace trainyard
