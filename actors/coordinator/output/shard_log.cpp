// Reading and appending commits; each line checks itself and follows from the one before.
#include "actors/coordinator/output/shard_log.hpp"

#include <span>

#include "actors/coordinator/output/sha256.hpp"
#include "messages/json_codec.hpp"

namespace trainyard {

namespace {

std::string line_of(commit_record record) {
  record.check.clear();
  const auto digest = sha256_of(to_json_text(record));
  record.check = to_hex(std::span(digest).first(8));
  return to_json_text(record) + "\n";
}

/// Nothing for a line that is not, byte for byte, what line_of writes.
std::optional<commit_record> record_of(std::string_view line) {
  auto record = from_json_text<commit_record>(std::as_bytes(std::span(line.data(), line.size())));
  if (!record || line_of(*record) != line)
    return std::nullopt;
  return std::move(*record);
}

bool follows(const commit_record& before, const commit_record& next, std::uint64_t shards) {
  const bool has_rows = next.shard.has_value();
  return next.end_batch > before.end_batch && has_rows == (next.rows > 0) &&
         (!has_rows || *next.shard == shards) && next.failures_bytes >= before.failures_bytes &&
         next.embedded_total == before.embedded_total + next.rows && next.failed_total >= before.failed_total;
}

} // namespace

result<shard_log> shard_log::open(const std::filesystem::path& file) {
  auto opened = durable_file::open_existing_or_new(file);
  if (!opened)
    return tl::unexpected(std::move(opened).error());
  const auto text = read_file(file);
  if (!text)
    return tl::unexpected(text.error());
  shard_log log;
  log.file_ = std::move(*opened);
  bool torn = false;
  for (std::string_view rest = *text; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n') == rest.npos ? rest.size() : rest.find('\n') + 1);
    rest.remove_prefix(line.size());
    auto record = record_of(line);
    if (!record) {
      torn = true;
      continue;
    }
    if (torn)
      return fail(failure_kind::output_corrupt,
                  file.string() + ": the line after byte " + std::to_string(log.end_) + " is damaged",
                  "restore the folder from a copy, or give another --out");
    if (auto taken = log.take(std::move(*record)); !taken)
      return tl::unexpected(std::move(taken).error());
    log.end_ += line.size();
  }
  if (torn)
    if (auto cut = log.file_.truncate(log.end_); !cut)
      return tl::unexpected(std::move(cut).error());
  if (auto synced = log.file_.sync(); !synced) // the lines just read may have been in the cache only
    return tl::unexpected(std::move(synced).error());
  return log;
}

const commit_record& shard_log::last() const noexcept {
  static const commit_record none;
  return records_.empty() ? none : records_.back();
}

result<void> shard_log::append(commit_record record) {
  const auto line = line_of(record);
  return file_.write_all_at(end_, line)
      .and_then([&] { return file_.sync(); })
      .and_then([&] { return take(std::move(record)); })
      .map([&] { end_ += line.size(); });
}

result<void> shard_log::take(commit_record record) {
  if (!follows(last(), record, shards_))
    return fail(failure_kind::output_corrupt,
                file_.path().string() + ": commit " + std::to_string(records_.size()) +
                    " does not follow from the one before",
                "restore the folder from a copy, or give another --out");
  shards_ += record.shard ? 1 : 0;
  records_.push_back(std::move(record));
  return {};
}

} // namespace trainyard
