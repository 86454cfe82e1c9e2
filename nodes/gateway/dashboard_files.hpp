// The dashboard's files as they stand in the program: ops/dashboard, embedded when it is built.
#pragma once

#include <span>
#include <string_view>

namespace trainyard {

struct dashboard_file {
  std::string_view path; ///< "/app.js"; "/" is index.html
  std::string_view content_type;
  std::string_view content;
};

[[nodiscard]] std::span<const dashboard_file> dashboard_files();

} // namespace trainyard
