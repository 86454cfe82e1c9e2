// Small files: the server refuses bodies above 32 MB, and a vector of 1280 numbers is some 15 KB of text.
#include "actors/export/qdrant_batches.hpp"

#include "actors/disk/durable_file.hpp"
#include "actors/export/export_rows.hpp"
#include "messages/json_codec.hpp"

namespace trainyard {
namespace {

using json = nlohmann::ordered_json;

constexpr std::uint64_t points_per_file = 256;

/// 32 hex digits with the four dashes of a UUID.
std::string uuid_of(const std::string& id) {
  std::string uuid;
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20)
      uuid += '-';
    uuid += id[i];
  }
  return uuid;
}

json point_of(const metadata_row& row, std::span<const float> numbers) {
  return {{"id", uuid_of(row.asset_id)},
          {"vector", std::vector<float>(numbers.begin(), numbers.end())},
          {"payload",
           {{"image_path", printable_utf8(row.image_path)},
            {"width", row.width},
            {"height", row.height},
            {"bytes", row.bytes},
            {"sha256", to_hex(row.sha256)}}}};
}

std::string points_name(std::uint64_t number) {
  const auto digits = std::to_string(number);
  return "points-" + std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits + ".json";
}

} // namespace

result<std::uint64_t> export_qdrant(const vector_folder& folder, const std::filesystem::path& place) {
  const json collection{{"vectors", {{"size", folder.dim}, {"distance", "Cosine"}}}};
  if (auto written = replace_file(place / "collection.json", collection.dump() + "\n"); !written)
    return tl::unexpected(written.error());
  std::uint64_t files = 0;
  const auto write_points = [&](const row_block_view& block) {
    auto points = json::array();
    for (std::size_t i = 0; i < block.about.size(); ++i)
      points.push_back(point_of(block.about[i], block.vectors.subspan(i * folder.dim, folder.dim)));
    return replace_file(place / points_name(files++), json{{"points", std::move(points)}}.dump() + "\n");
  };
  return for_each_block(folder, points_per_file, write_points).map([&] { return files; });
}

} // namespace trainyard
