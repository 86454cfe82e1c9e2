// Rows of cells as text in aligned columns.
#pragma once

#include <string>
#include <vector>

namespace trainyard {

/// Cells are made harmless for a terminal; columns are as wide as their widest cell, two blanks apart, and
/// the last one is not padded. Cells that begin with a digit stand to the right.
[[nodiscard]] std::string in_columns(const std::vector<std::vector<std::string>>& rows);

} // namespace trainyard
