// A query in the folder's own space: the model, preprocessing and weights that made the folder.
#pragma once

#include <vector>

#include "actors/search/vector_folder.hpp"
#include "config/settings.hpp"
#include "nodes/search/folder_search.hpp"

namespace trainyard {

/// folder.dim numbers of norm 1, embedded on the CPU in fp32, which every device is held to. Blocks for
/// reading the model. model_missing, output_mismatch where the model is of another space, what the image
/// fails with, forward_failed for words where the model has no text tower.
[[nodiscard]] result<std::vector<float>> vector_of(const search_query& query, const vector_folder& folder,
                                                   const settings& from);

} // namespace trainyard
