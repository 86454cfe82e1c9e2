// Reading and appending commits; each line checks itself and follows from the one before.
#include "actors/coordinator/output/shard_log.hpp"

#include <algorithm>
#include <span>

#include "actors/disk/sha256.hpp"
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
  shard_log log;
  auto opened = durable_file::open_existing_or_new(file);
  if (!opened)
    return tl::unexpected(std::move(opened).error());
  log.file_ = std::move(*opened);
  const auto text = read_file(file);
  if (!text)
    return tl::unexpected(text.error());
  return log.take_all(*text)
      .and_then([&] { return log.end_ < text->size() ? log.file_.truncate(log.end_) : result<void>{}; })
      // The lines just read may stand in the cache only: the process that wrote them may have died before its
      // sync.
      .and_then([&] { return text->empty() ? result<void>{} : log.file_.sync(); })
      .map([&] { return std::move(log); });
}

result<void> shard_log::take_all(std::string_view text) {
  bool damaged = false;
  while (!text.empty()) {
    const auto line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
    text.remove_prefix(line.size());
    auto record = record_of(line);
    if (record && damaged)
      return fail(failure_kind::output_corrupt,
                  file_.path().string() + ": the line after byte " + std::to_string(end_) + " is damaged",
                  "restore the folder from a copy, or give another --out");
    if (!record) {
      damaged = true;
      continue;
    }
    if (auto taken = take(std::move(*record)); !taken)
      return taken;
    end_ += line.size();
  }
  return {};
}

const commit_record& shard_log::last() const noexcept {
  static const commit_record none;
  return records_.empty() ? none : records_.back();
}

result<void> shard_log::append(commit_record record) {
  if (!follows(last(), record, shards_))
    return fail(failure_kind::internal,
                file_.path().string() + ": the next commit does not follow from the last");
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
