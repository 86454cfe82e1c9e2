// The index over all segments, and the rules of first record, floor and failed sync.
#include "actors/coordinator/ledger.hpp"

#include <algorithm>
#include <limits>

#include "actors/disk/durable_file.hpp"
#include "actors/disk/positioned_io.hpp"

namespace trainyard {

namespace {

/// In rising (epoch, number) order. Other files are left alone.
result<std::vector<segment_name>> segments_in(const std::filesystem::path& directory) {
  std::vector<segment_name> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error))
    if (const auto name = parse_segment_name(at->path().filename().native()))
      names.push_back(*name);
  if (error == std::errc::no_such_file_or_directory)
    return names;
  if (error)
    return fail(failure_kind::output_unwritable, "cannot list " + directory.string() + ": " + error.message(),
                "check the output folder's permissions");
  std::sort(names.begin(), names.end());
  return names;
}

} // namespace

result<std::uint64_t> ledger::last_epoch(const std::filesystem::path& directory) {
  const auto names = segments_in(directory);
  if (!names)
    return tl::unexpected(names.error());
  return names->empty() ? 0 : names->back().epoch;
}

result<ledger> ledger::open(const std::filesystem::path& directory, std::uint64_t epoch,
                            std::uint64_t first_batch, ledger_options options) {
  if (auto made = make_directories(directory); !made) // durably: what is acknowledged stands in it
    return tl::unexpected(made.error());
  const auto names = segments_in(directory);
  if (!names)
    return tl::unexpected(names.error());
  if (!names->empty() && names->back().epoch >= epoch)
    return fail(failure_kind::output_busy,
                directory.string() + " was taken over by epoch " + std::to_string(names->back().epoch) +
                    ", we are " + std::to_string(epoch),
                "another coordinator owns this session; leave it to that one");
  ledger opened;
  opened.directory_ = directory;
  opened.options_ = options;
  opened.epoch_ = epoch;
  opened.floor_ = first_batch;
  // Ours first: from now on a zombie of the same epoch cannot begin, and what an older one still appends is a
  // result that was not acknowledged and comes to us as well.
  if (auto started = opened.start_segment(); !started)
    return tl::unexpected(started.error());
  for (const auto& name : *names)
    if (auto taken = opened.take_up(name); !taken)
      return tl::unexpected(taken.error());
  return opened;
}

result<void> ledger::take_up(const segment_name& name) {
  const auto key = next_key_++;
  auto& segment = segments_[key];
  segment.file = directory_ / to_file_name(name);
  if (auto synced = sync_segment(segment.file); !synced) // before a double of what it holds is acknowledged
    return synced;
  return scan_segment(segment.file, [&](const record_header& header, std::uint64_t offset) {
    segment.note(header.batch);
    if (header.kind == record_kind::forgotten)
      places_.erase(header.batch);
    else if (header.kind == record_kind::done && header.batch >= floor_)
      places_.try_emplace(header.batch, place{key, offset});
  });
}

bool ledger::is_done(std::uint64_t batch) const {
  return batch < floor_ || places_.contains(batch);
}

result<void> ledger::append(std::uint64_t batch, std::span<const std::byte> payload) {
  if (is_done(batch))
    return fail(failure_kind::internal, "batch " + std::to_string(batch) + " is already in the ledger");
  if (payload.size() > std::numeric_limits<std::uint32_t>::max())
    return fail(failure_kind::internal,
                "a result of " + std::to_string(payload.size()) + " bytes is no result");
  const auto offset = put(record_kind::done, batch, payload);
  if (!offset)
    return tl::unexpected(offset.error());
  places_[batch] = {current_key_, *offset};
  unsynced_.push_back(batch);
  return {};
}

result<void> ledger::forget(std::uint64_t batch) {
  if (batch < floor_ || places_.erase(batch) == 0)
    return {};
  std::erase(unsynced_, batch);
  if (const auto noted = put(record_kind::forgotten, batch, {}); !noted)
    return tl::unexpected(noted.error());
  unsynced_tombstones_ = true;
  return {};
}

result<std::uint64_t> ledger::put(record_kind kind, std::uint64_t batch, std::span<const std::byte> payload) {
  if (current_ && current_->bytes() >= options_.segment_bytes) {
    if (auto synced = sync(); !synced)
      return tl::unexpected(synced.error());
    current_.reset();
  }
  if (!current_)
    if (auto started = start_segment(); !started)
      return tl::unexpected(started.error());
  auto offset = current_->append({kind, batch, 0, 0}, payload);
  if (offset)
    segments_[current_key_].note(batch);
  return offset;
}

result<void> ledger::start_segment() {
  const auto file = directory_ / to_file_name({epoch_, next_number_});
  auto created = segment_writer::create(file);
  ++next_number_; // also after a failure: the file may be there though its name is not yet durable
  if (!created)
    return tl::unexpected(created.error());
  current_ = std::move(*created);
  current_key_ = next_key_++;
  segments_[current_key_].file = file;
  return {};
}

result<void> ledger::sync() {
  if (!current_ || (unsynced_.empty() && !unsynced_tombstones_))
    return {};
  auto synced = current_->sync();
  if (!synced)
    take_back_unsynced();
  unsynced_.clear();
  unsynced_tombstones_ = false;
  return synced;
}

void ledger::take_back_unsynced() {
  for (const auto batch : unsynced_)
    places_.erase(batch);
  // Its cached pages may be clean and still not on the disk: the next record begins a new file.
  current_.reset();
}

result<std::vector<std::byte>> ledger::read(std::uint64_t batch) const {
  const auto at = places_.find(batch);
  if (at == places_.end())
    return fail(failure_kind::internal, "batch " + std::to_string(batch) + " is not in the ledger");
  return read_record(segments_.at(at->second.segment).file, at->second.offset, batch);
}

std::vector<std::uint64_t> ledger::done_batches() const {
  std::vector<std::uint64_t> batches;
  batches.reserve(places_.size());
  for (const auto& [batch, where] : places_)
    batches.push_back(batch);
  std::sort(batches.begin(), batches.end());
  return batches;
}

result<void> ledger::drop_below(std::uint64_t batch) {
  if (batch <= floor_)
    return {};
  floor_ = batch;
  std::erase_if(places_, [&](const auto& each) { return each.first < floor_; });
  for (auto at = segments_.begin(); at != segments_.end();) {
    const auto& [key, segment] = *at;
    const bool needed = !segment.empty && segment.highest_batch >= floor_;
    if (needed || (current_ && key == current_key_)) {
      ++at;
      continue;
    }
    if (auto removed = remove_file(segment.file); !removed)
      return tl::unexpected(removed.error());
    at = segments_.erase(at);
  }
  return {};
}

} // namespace trainyard
