// session.json from the log, and back.
#include "actors/coordinator/output/session_file.hpp"

#include "actors/coordinator/output/folder_layout.hpp"
#include "messages/json_codec.hpp"

namespace trainyard {

namespace {

using json = nlohmann::ordered_json;

struct counts_part {
  std::uint64_t total = 0;
  std::uint64_t skipped = 0;
  static constexpr auto fields() {
    return std::tuple{required("total", &counts_part::total), required("skipped", &counts_part::skipped)};
  }
};

struct summary_part {
  std::string state;
  counts_part counts;
  static constexpr auto fields() {
    return std::tuple{required("state", &summary_part::state), required("counts", &summary_part::counts)};
  }
};

json shard_json(const commit_record& record) {
  return {{"npy", folder_layout::npy_name(*record.shard)},
          {"parquet", folder_layout::parquet_name(*record.shard)},
          {"rows", record.rows},
          {"npy_sha256", record.npy_sha256},
          {"parquet_sha256", record.parquet_sha256}};
}

} // namespace

std::string session_text(const output_spec& spec, const shard_log& log, const session_summary& summary) {
  auto shards = json::array();
  for (const auto& [number, shard] : log.live())
    shards.push_back(shard_json(shard.record));
  const json counts{{"total", summary.total},
                    {"embedded", log.last().embedded_total},
                    {"failed", log.last().failed_total},
                    {"skipped", summary.skipped}};
  const json session{{"schema", 1},
                     {"session_id", printable_utf8(spec.session_id)},
                     {"state", printable_utf8(summary.state)},
                     {"model", printable_utf8(spec.model)},
                     {"space_id", printable_utf8(spec.space_id)},
                     {"dim", spec.dim},
                     {"dtype", spec.dtype},
                     {"precision", printable_utf8(spec.precision)},
                     {"directory", printable_utf8(spec.directory)},
                     {"counts", counts},
                     {"shards", std::move(shards)}};
  return session.dump(2) + "\n";
}

std::optional<session_summary> summary_in(std::string_view text, const output_spec& spec,
                                          const shard_log& log) {
  const auto part = from_json_text<summary_part>(std::as_bytes(std::span(text.data(), text.size())));
  if (!part)
    return std::nullopt;
  session_summary summary{part->state, part->counts.total, part->counts.skipped};
  if (session_text(spec, log, summary) != text)
    return std::nullopt;
  return summary;
}

result<void> check_summary(const session_summary& summary, const output_counts& counts) {
  const auto known = counts.embedded + counts.failed + summary.skipped;
  if (known == summary.total || (summary.state != "completed" && known < summary.total))
    return {};
  return fail(failure_kind::internal, "a " + summary.state + " session of " + std::to_string(summary.total) +
                                          " images with " + std::to_string(counts.embedded) + " embedded, " +
                                          std::to_string(counts.failed) + " failed and " +
                                          std::to_string(summary.skipped) + " skipped does not add up");
}

} // namespace trainyard
