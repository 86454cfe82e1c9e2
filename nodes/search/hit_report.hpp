// What was found, for people and for programs.
#pragma once

#include <string>

#include "nodes/search/folder_search.hpp"

namespace trainyard {

/// One line that ends in '\n' (docs/search.md has its fields).
[[nodiscard]] std::string hits_json(const search_outcome& outcome, const search_query& query);
[[nodiscard]] std::string hits_table(const search_outcome& outcome);

} // namespace trainyard
