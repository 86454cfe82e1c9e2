// A page that shows what was found: one file, no script, nothing loaded from anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nodes/search/folder_search.hpp"
#include "nodes/search/thumbnails.hpp"

namespace trainyard {

/// Text as it may stand anywhere in HTML, attributes in quotes included: no markup, no control characters,
/// valid UTF-8.
[[nodiscard]] std::string html_text(std::string_view raw);

/// `own` is a JPEG of the query image, empty for words; `pictures` belong to the hits one by one.
[[nodiscard]] std::string contact_sheet(const search_outcome& outcome, const search_query& query,
                                        std::string_view own, const std::vector<thumbnail>& pictures);

} // namespace trainyard
