// A table that a terminal is safe from, and an object whose fields are only ever added to.
#include "nodes/search/hit_report.hpp"

#include <array>
#include <cstdio>

#include "messages/json_codec.hpp"
#include "nodes/client/columns.hpp"
#include "nodes/terminal/units.hpp"

namespace trainyard {
namespace {

using json = nlohmann::ordered_json;

json hit_json(std::size_t rank, const search_hit& hit) {
  const auto& about = hit.about;
  return {{"rank", rank},
          {"score", hit.found.score},
          {"image_path", printable_utf8(about.image_path)},
          {"asset_id", printable_utf8(about.asset_id)},
          {"width", about.width},
          {"height", about.height},
          {"bytes", about.bytes},
          {"sha256", to_hex(about.sha256)},
          {"shard", hit.shard->number},
          {"row", hit.found.row - hit.shard->first_row}};
}

std::string score_text(float score) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.4f", static_cast<double>(score));
  return text.data();
}

} // namespace

std::string hits_json(const search_outcome& outcome, const search_query& query) {
  const auto& folder = outcome.folder;
  auto hits = json::array();
  for (std::size_t i = 0; i < outcome.hits.size(); ++i)
    hits.push_back(hit_json(i + 1, outcome.hits[i]));
  const json answer{
      {"schema", 1},
      {"query", {{query.kind == search_query::of::image ? "image" : "text", printable_utf8(query.text)}}},
      {"output", printable_utf8(folder.root.string())},
      {"session_id", printable_utf8(folder.session_id)},
      {"state", printable_utf8(folder.state)},
      {"finished", folder.is_finished()},
      {"model", printable_utf8(folder.model)},
      {"space_id", printable_utf8(folder.space_id)},
      {"dim", folder.dim},
      {"rows", folder.rows},
      {"rows_not_finite", outcome.not_finite},
      {"shards", folder.shards.size()},
      {"search_seconds", outcome.seconds},
      {"hits", std::move(hits)}};
  return answer.dump() + "\n";
}

std::string hits_table(const search_outcome& outcome) {
  if (outcome.hits.empty())
    return "The folder holds no vector yet.\n";
  std::vector<std::vector<std::string>> rows{{"RANK", "COSINE", "PIXELS", "SIZE", "IMAGE"}};
  for (std::size_t i = 0; i < outcome.hits.size(); ++i) {
    const auto& [found, shard, about] = outcome.hits[i];
    rows.push_back({std::to_string(i + 1), score_text(found.score),
                    std::to_string(about.width) + "x" + std::to_string(about.height),
                    bytes_text(static_cast<std::uint64_t>(about.bytes)), about.image_path});
  }
  return in_columns(rows);
}

} // namespace trainyard
