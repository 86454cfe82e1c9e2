// Widths first, then the text.
#include "nodes/client/columns.hpp"

#include <algorithm>

#include "nodes/terminal/safe_text.hpp"

namespace trainyard {

std::string in_columns(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::string>> safe;
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    auto& cells = safe.emplace_back();
    for (const auto& each : row) {
      cells.push_back(safe_text(each));
      widths.resize(std::max(widths.size(), cells.size()), 0);
      auto& width = widths[cells.size() - 1];
      width = std::max(width, columns_of_text(cells.back()));
    }
  }
  std::string text;
  for (const auto& row : safe) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == row.size();
      const std::string room(widths[i] - columns_of_text(row[i]), ' ');
      const bool number = !row[i].empty() && row[i].front() >= '0' && row[i].front() <= '9';
      text += (number && !last ? room : "") + row[i];
      text += last ? "\n" : (number ? "" : room) + "  ";
    }
  }
  return text;
}

} // namespace trainyard
