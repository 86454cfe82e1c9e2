// Lines are skipped unparsed up to the page.
#include "actors/coordinator/host/failure_pages.hpp"

#include <algorithm>
#include <fstream>

#include "actors/coordinator/output/folder_layout.hpp"
#include "messages/codec.hpp"

namespace trainyard {

namespace {
constexpr std::uint64_t most_per_page = 1000;
} // namespace

result<failure_page> read_failures(const std::filesystem::path& output, const std::string& session,
                                   const failures_request& wanted) {
  failure_page page;
  page.session_id = session;
  page.offset = wanted.offset;
  const auto limit = std::clamp<std::uint64_t>(wanted.limit, 1, most_per_page);
  std::ifstream file(folder_layout{output}.failures());
  std::uint64_t number = 0;
  for (std::string line; std::getline(file, line); ++number) {
    if (file.eof())
      break; // no end of line: it is being written
    if (number < wanted.offset)
      continue;
    if (page.failures.size() == limit) {
      page.next_offset = number;
      break;
    }
    auto each = decode<failed_image>(std::as_bytes(std::span(line)));
    if (!each)
      return fail(failure_kind::output_corrupt,
                  folder_layout{output}.failures().string() + " line " + std::to_string(number + 1) + ": " +
                      each.error().cause,
                  "run the session again with another output");
    page.failures.push_back(std::move(*each));
  }
  return page;
}

} // namespace trainyard
