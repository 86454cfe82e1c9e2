// Failed assets as JSON lines.
#include "actors/coordinator/output/failure_lines.hpp"

#include "actors/disk/sha256.hpp"
#include "messages/failure.hpp"
#include "messages/json_codec.hpp"

namespace trainyard {

std::string failure_lines(std::span<const work_asset> assets, const batch_result& done) {
  std::string lines;
  for (const auto& each : done.failed) {
    const auto kind = static_cast<failure_kind>(each.kind);
    const auto& path = assets[each.position].path;
    const nlohmann::ordered_json line{
        {"asset", printable_utf8(path)},         {"asset_id", asset_id_of(path)},
        {"stage", to_string(stage_of(kind))},    {"code", code_of(kind)},
        {"reason", printable_utf8(each.reason)}, {"attempts", done.attempt}};
    lines += line.dump() + "\n";
  }
  return lines;
}

} // namespace trainyard
