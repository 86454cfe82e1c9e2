// Writing and repairing the manifest.
#include <cerrno>

#include <fcntl.h>

#include "actors/coordinator/manifest.hpp"
#include "actors/coordinator/manifest_block.hpp"
#include "actors/coordinator/manifest_scan.hpp"
#include "actors/disk/disk_steps.hpp"
#include "actors/disk/positioned_io.hpp"

namespace trainyard {

namespace {
constexpr std::uint32_t blocks_between_syncs = 64; // 16,384 items: about a second of listing
} // namespace

result<manifest_writer> manifest_writer::open(const std::filesystem::path& file) {
  manifest_writer writer;
  writer.file_ = file;
  before_disk_step(disk_step::create, file);
  writer.fd_ = open_file(file, O_RDWR | O_CREAT);
  if (!writer.fd_)
    return disk_failure("cannot open", file, errno);
  if (auto recovered = writer.recover(); !recovered)
    return tl::unexpected(recovered.error());
  if (auto named = sync_directory(file.has_parent_path() ? file.parent_path() : "."); !named)
    return tl::unexpected(named.error());
  return writer;
}

result<void> manifest_writer::recover() {
  auto found = scan_manifest(fd_.get(), file_);
  if (!found)
    return tl::unexpected(found.error());
  sealed_ = found->sealed_end > 0; // what stands behind the last seal never counted
  end_ = sealed_ ? found->sealed_end : found->end;
  written_ = sealed_ ? found->sealed_items : found->items;
  last_path_ = std::move(found->last_path);
  if (end_ < found->file_bytes)
    if (auto cut = cut_at(end_); !cut)
      return cut;
  // What was read may still be in the cache of a process that died before its sync.
  return sync_file();
}

result<void> manifest_writer::append(listed_asset item) {
  if (sealed_ || item.path.empty() || item.path.size() > longest_path_bytes)
    return fail(failure_kind::internal, sealed_ ? "the listing in " + file_.string() + " is complete"
                                                : "a path of " + std::to_string(item.path.size()) +
                                                      " bytes cannot be listed in " + file_.string());
  if (buffered_ == items_in_a_block)
    if (auto flushed = flush(); !flushed)
      return flushed;
  if (blocks_since_sync_ >= blocks_between_syncs)
    if (auto synced = sync_file(); !synced)
      return synced;
  encode(item, block_);
  last_path_ = std::move(item.path);
  ++buffered_;
  return {};
}

result<void> manifest_writer::flush() {
  if (buffered_ == 0)
    return {};
  const auto bytes = encode({block_kind::items, written_, durable_, buffered_,
                             static_cast<std::uint32_t>(block_.size()), checksum(block_)}) +
                     block_;
  before_disk_step(disk_step::write, file_);
  if (const int error = write_at(fd_.get(), end_, bytes); error != 0) {
    (void)cut_at(end_); // readers pass over an unfinished block in any case, and the next write covers it
    return disk_failure("cannot write", file_, error);
  }
  end_ += bytes.size();
  written_ += buffered_;
  ++blocks_since_sync_;
  buffered_ = 0;
  block_.clear();
  return {};
}

result<void> manifest_writer::sync() {
  if (auto flushed = flush(); !flushed)
    return flushed;
  return durable_ == written_ ? result<void>{} : sync_file();
}

result<void> manifest_writer::seal(std::string_view note) {
  if (sealed_)
    return {};
  if (note.size() > longest_note_bytes)
    return fail(failure_kind::internal, "a note of " + std::to_string(note.size()) + " bytes is no note");
  if (auto synced = sync(); !synced)
    return synced;
  const auto bytes = encode({block_kind::seal, written_, written_, 0, static_cast<std::uint32_t>(note.size()),
                             checksum(note)}) +
                     std::string(note);
  before_disk_step(disk_step::write, file_);
  if (const int error = write_at(fd_.get(), end_, bytes); error != 0) {
    (void)cut_at(end_);
    return disk_failure("cannot write", file_, error);
  }
  if (auto synced = sync_file(); !synced)
    return synced;
  end_ += bytes.size();
  sealed_ = true;
  return {};
}

void manifest_writer::begin_generation() {
  sealed_ = false;
}

result<void> manifest_writer::cut_at(std::uint64_t offset) {
  before_disk_step(disk_step::truncate, file_);
  if (::ftruncate(fd_.get(), static_cast<off_t>(offset)) != 0)
    return disk_failure("cannot truncate", file_, errno);
  return {};
}

result<void> manifest_writer::sync_file() {
  // A disk that failed one sync may report success for the next and still have lost what the first was for.
  if (sync_error_ == 0) {
    before_disk_step(disk_step::sync, file_);
    sync_error_ = sync_content(fd_.get());
  }
  if (sync_error_ != 0)
    return disk_failure("cannot sync", file_, sync_error_);
  durable_ = written_;
  blocks_since_sync_ = 0;
  return {};
}

} // namespace trainyard
