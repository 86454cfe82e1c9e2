// Shard by shard, so that a folder's metadata is never in memory as a whole.
#include "actors/search/hit_details.hpp"

#include <charconv>
#include <map>

namespace trainyard {
namespace {

std::string without_escapes(std::string_view printable) {
  std::string raw;
  for (std::size_t at = 0; at < printable.size(); ++at) {
    unsigned byte = 0;
    const auto* const digits = printable.data() + at + 2;
    if (printable.substr(at).starts_with("\\x") && at + 4 <= printable.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      raw += static_cast<char>(byte);
      at += 3;
    } else {
      raw += printable[at];
    }
  }
  return raw;
}

} // namespace

result<std::vector<search_hit>> hits_of(const vector_folder& folder, std::span<const scored_row> rows) {
  std::vector<search_hit> hits;
  std::map<const vector_shard*, std::vector<std::size_t>> by_shard;
  for (const auto& each : rows) {
    hits.push_back({each, &folder.shard_of(each.row), {}});
    by_shard[hits.back().shard].push_back(hits.size() - 1);
  }
  for (const auto& [shard, positions] : by_shard) {
    const auto table = read_metadata(shard->parquet);
    if (!table)
      return tl::unexpected(table.error());
    if (table->size() != shard->rows)
      return fail(failure_kind::output_corrupt,
                  shard->parquet.string() + " has " + std::to_string(table->size()) + " rows, its vectors " +
                      std::to_string(shard->rows),
                  "restore the folder from a copy, or embed into a new one");
    for (const auto position : positions)
      hits[position].about = (*table)[hits[position].found.row - shard->first_row];
  }
  return hits;
}

std::optional<std::string> raw_path_of(const metadata_row& row) {
  for (const auto& path : {row.image_path, without_escapes(row.image_path)})
    if (asset_id_of(path) == row.asset_id)
      return path;
  return std::nullopt;
}

} // namespace trainyard
