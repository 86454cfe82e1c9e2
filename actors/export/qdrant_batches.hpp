// A folder as bodies of Qdrant's REST calls: one file makes the collection, the others fill it.
#pragma once

#include <cstdint>
#include <filesystem>

#include "actors/search/vector_folder.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// collection.json for PUT /collections/NAME, points-00000.json and on for PUT /collections/NAME/points. A
/// point's id is its asset's, as a UUID, so that a second upload replaces and never doubles. Returns how many
/// files of points there are; those of an earlier, larger export stay.
[[nodiscard]] result<std::uint64_t> export_qdrant(const vector_folder& folder,
                                                  const std::filesystem::path& place);

} // namespace trainyard
