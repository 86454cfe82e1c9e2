// One shard's hashes in memory, one file at a time.
#include "actors/coordinator/content_check.hpp"

#include <cerrno>
#include <cstring>
#include <iterator>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>

#include "actors/coordinator/output/folder_layout.hpp"
#include "actors/coordinator/output/metadata_table.hpp"
#include "actors/disk/positioned_io.hpp"

namespace trainyard {

namespace {

constexpr std::size_t portion_bytes = 1024 * 1024;

/// Follows no link, so that nothing outside of the directory is opened: what stands behind one is embedded
/// again instead, under the rules of whoever reads images.
owned_fd open_plainly(const std::filesystem::path& directory, const std::filesystem::path& relative) {
  auto fd = open_file(directory, O_RDONLY | O_DIRECTORY);
  for (auto name = relative.begin(); fd && name != relative.end(); ++name) {
    const bool last = std::next(name) == relative.end();
    fd = owned_fd(
        ::openat(fd.get(), name->c_str(),
                 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (last ? 0 : O_DIRECTORY)));
  }
  return fd;
}

} // namespace

std::size_t content_check::key_hash::operator()(const asset_key& key) const {
  std::size_t start = 0; // of a SHA-256: any part of it is as good as a hash of all
  std::memcpy(&start, key.data(), sizeof start);
  return start;
}

content_check::content_check(std::filesystem::path directory, std::filesystem::path out, session_plan plan,
                             std::vector<shard_range> shards)
    : directory_(std::move(directory)), out_(std::move(out)), plan_(std::move(plan)),
      shards_(std::move(shards)) {
  std::ranges::sort(shards_, {}, &shard_range::first_batch);
}

result<content_verdict> content_check::compare(std::uint64_t item, const listed_asset& now) {
  const auto* const shard = shard_of(plan_.batch_of(item));
  if (!shard)
    return content_verdict::other;
  if (loaded_ != shard->number)
    if (auto loaded = load(*shard); !loaded)
      return tl::unexpected(loaded.error());
  const auto row = hashes_.find(asset_key_of(now.path));
  return row != hashes_.end() ? compare_with(row->second, now) : content_verdict::other;
}

const shard_range* content_check::shard_of(std::uint64_t batch) const {
  const auto after = std::ranges::upper_bound(shards_, batch, {}, &shard_range::first_batch);
  if (after == shards_.begin() || batch >= (after - 1)->end_batch)
    return nullptr;
  return &*(after - 1);
}

result<void> content_check::load(const shard_range& shard) {
  loaded_.reset();
  hashes_.clear();
  const auto rows = read_metadata(out_ / folder_layout::parquet_name(shard.number));
  if (!rows)
    return tl::unexpected(rows.error());
  for (const auto& row : *rows)
    if (const auto key = asset_key_in(row.asset_id))
      hashes_.emplace(*key, row.sha256);
  loaded_ = shard.number;
  return {};
}

content_verdict content_check::compare_with(const sha256_digest& row, const listed_asset& now) {
  const auto fd = open_plainly(directory_, now.path);
  if (!fd) // a link in the file's place, or in a directory's
    return errno == ELOOP || errno == EMLINK || errno == ENOTDIR ? content_verdict::other
                                                                 : content_verdict::unknown;
  struct stat found {};
  const auto as_listed = [&] {
    return ::fstat(fd.get(), &found) == 0 && S_ISREG(found.st_mode) &&
           static_cast<std::uint64_t>(found.st_size) == now.bytes && mtime_ns_of(found) == now.mtime_ns;
  };
  if (!as_listed())
    return content_verdict::unknown;
  sha256 whole;
  std::string portion;
  for (std::uint64_t at = 0; at < now.bytes; at += portion.size()) {
    if (!read_at(fd.get(), at, portion_bytes, portion) || portion.empty())
      return content_verdict::unknown;
    whole.add(std::as_bytes(std::span(portion)));
    hashed_bytes_ += portion.size();
  }
  if (!as_listed())
    return content_verdict::unknown;
  return whole.finish() == row ? content_verdict::same : content_verdict::other;
}

} // namespace trainyard
