// Reading and appending commits; each line checks itself and follows from the one before.
#include "actors/coordinator/output/shard_log.hpp"

#include <algorithm>
#include <span>

#include "actors/coordinator/output/corrupt_output.hpp"
#include "actors/disk/sha256.hpp"
#include "messages/json_codec.hpp"

namespace trainyard {

namespace {

template <class Record>
std::string line_of(Record record) {
  record.check.clear();
  const auto digest = sha256_of(to_json_text(record));
  record.check = to_hex(std::span(digest).first(8));
  return to_json_text(record) + "\n";
}

/// Nothing for a line that is not, byte for byte, what line_of writes.
template <class Record>
std::optional<Record> record_of(std::string_view line) {
  auto record = from_json_text<Record>(std::as_bytes(std::span(line.data(), line.size())));
  if (!record || line_of(*record) != line)
    return std::nullopt;
  return std::move(*record);
}

tl::unexpected<failure> damaged(const std::filesystem::path& file, const std::string& what) {
  return corrupt_output(file.string() + ": " + what);
}

} // namespace

std::optional<shard_log::line_content> shard_log::content_of(std::string_view line) {
  if (auto commit = record_of<commit_record>(line))
    return std::move(*commit);
  if (auto sweep = record_of<sweep_record>(line))
    return std::move(*sweep);
  return std::nullopt;
}

bool shard_log::follows(const commit_record& next) const {
  const auto& before = last();
  const bool has_rows = next.shard.has_value();
  return next.end_batch > before.end_batch && has_rows == (next.rows > 0) &&
         (!has_rows || *next.shard == shards_) && next.failures_bytes >= before.failures_bytes &&
         next.embedded_total == before.embedded_total + next.rows && next.failed_total >= before.failed_total;
}

bool shard_log::follows(const sweep_record& next) const {
  const auto& before = last();
  const auto& after = next.state;
  if (next.sweep <= swept_ || after.end_batch != before.end_batch ||
      after.shard.has_value() != (after.rows > 0) || (after.shard && *after.shard != shards_))
    return false;
  if (!next.replaces)
    return !after.shard && next.rows_gone == rows_gone_ && after.embedded_total == before.embedded_total &&
           after.failures_bytes <= before.failures_bytes && after.failed_total <= before.failed_total;
  const auto old = live_.find(*next.replaces);
  return old != live_.end() && after.rows < old->second.record.rows &&
         next.rows_gone - rows_gone_ == old->second.record.rows - after.rows &&
         after.embedded_total + (old->second.record.rows - after.rows) == before.embedded_total &&
         after.failures_bytes == before.failures_bytes && after.failed_total == before.failed_total;
}

result<shard_log> shard_log::open(const std::filesystem::path& file) {
  shard_log log;
  auto opened = durable_file::open_existing_or_new(file);
  if (!opened)
    return tl::unexpected(std::move(opened).error());
  log.file_ = std::move(*opened);
  const auto text = read_file(file);
  if (!text)
    return tl::unexpected(text.error());
  return log.take_all(*text, file)
      .and_then([&] { return log.end_ < text->size() ? log.file_.truncate(log.end_) : result<void>{}; })
      // The lines just read may stand in the cache only: the process that wrote them may have died before its
      // sync.
      .and_then([&] { return text->empty() ? result<void>{} : log.file_.sync(); })
      .map([&] { return std::move(log); });
}

result<shard_log> shard_log::look(const std::filesystem::path& file) {
  const auto text = read_file(file);
  if (!text)
    return tl::unexpected(text.error());
  shard_log log;
  return log.take_all(*text, file).map([&] { return std::move(log); });
}

result<void> shard_log::take_all(std::string_view text, const std::filesystem::path& file) {
  bool damage = false;
  while (!text.empty()) {
    const auto line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
    text.remove_prefix(line.size());
    auto content = content_of(line);
    if (content && damage)
      return damaged(file, "the line after byte " + std::to_string(end_) + " is damaged");
    if (!content) {
      damage = true;
      continue;
    }
    if (!std::visit([this](const auto& record) { return follows(record); }, *content))
      return damaged(file,
                     "commit " + std::to_string(records_.size()) + " does not follow from the one before");
    std::visit([this](auto& record) { take(std::move(record)); }, *content);
    end_ += line.size();
  }
  return {};
}

const commit_record& shard_log::last() const noexcept {
  static const commit_record none;
  return records_.empty() ? none : records_.back();
}

result<void> shard_log::append(commit_record record) {
  const auto line = line_of(record);
  return append_line(line, std::move(record));
}

result<void> shard_log::append(sweep_record record) {
  const auto line = line_of(record);
  return append_line(line, std::move(record));
}

result<void> shard_log::append_line(const std::string& line, line_content content) {
  if (!std::visit([this](const auto& record) { return follows(record); }, content))
    return fail(failure_kind::internal,
                file_.path().string() + ": the next commit does not follow from the last");
  return file_.write_all_at(end_, line).and_then([&] { return file_.sync(); }).map([&] {
    std::visit([this](auto& record) { take(std::move(record)); }, content);
    end_ += line.size();
  });
}

void shard_log::take(commit_record record) {
  if (record.shard) {
    live_[*record.shard] = {record, last().end_batch, record.end_batch};
    ++shards_;
  }
  records_.push_back(std::move(record));
}

void shard_log::take(sweep_record record) {
  if (record.replaces) {
    const auto old = live_.extract(*record.replaces);
    if (record.state.shard) {
      live_[*record.state.shard] = {record.state, old.mapped().first_batch, old.mapped().end_batch};
      ++shards_;
    }
    rows_gone_ = record.rows_gone;
  } else {
    swept_ = record.sweep;
    rows_gone_ = 0;
  }
  records_.push_back(std::move(record.state));
}

} // namespace trainyard
