// Reading the manifest, block by block.
#include <algorithm>
#include <cerrno>

#include <fcntl.h>

#include "actors/coordinator/manifest.hpp"
#include "actors/coordinator/manifest_block.hpp"
#include "actors/coordinator/manifest_scan.hpp"
#include "actors/disk/positioned_io.hpp"

namespace trainyard {

namespace {
tl::unexpected<failure> unreadable(const std::filesystem::path& file) {
  return fail(failure_kind::output_unwritable, "cannot read " + file.string() + ": " + errno_text(errno),
              "check the output folder and its disk");
}
} // namespace

result<manifest_reader> manifest_reader::open(const std::filesystem::path& file) {
  manifest_reader reader;
  reader.file_ = file;
  reader.fd_ = open_file(file, O_RDONLY);
  if (!reader.fd_)
    return unreadable(file);
  if (auto seen = reader.refresh(); !seen)
    return tl::unexpected(seen.error());
  return reader;
}

result<void> manifest_reader::refresh() {
  const auto length = length_of(fd_.get(), file_);
  if (!length)
    return tl::unexpected(length.error());
  std::string bytes;
  while (!sealed_ && *length >= end_ + block_header_bytes) {
    if (!read_at(fd_.get(), end_, block_header_bytes, bytes))
      return unreadable(file_);
    if (bytes.size() < block_header_bytes)
      return {}; // the writer has just cut off a block that found no room
    const auto header = decode_block_header(bytes);
    if (!header || header->first_item != items_)
      return manifest_damaged(file_, end_);
    if (*length - end_ - block_header_bytes < header->payload_bytes)
      return {}; // being written
    if (header->kind == block_kind::items)
      blocks_.push_back({items_, end_});
    sealed_ = header->kind == block_kind::seal;
    items_ += header->items;
    end_ += block_header_bytes + header->payload_bytes;
  }
  return {};
}

result<std::vector<listed_asset>> manifest_reader::read(std::uint64_t first, std::uint64_t count) {
  std::vector<listed_asset> items;
  if (first >= items_)
    return items;
  count = std::min(count, items_ - first);
  auto block =
      std::upper_bound(blocks_.begin(), blocks_.end(), first,
                       [](std::uint64_t item, const block_place& at) { return item < at.first_item; }) -
      blocks_.begin() - 1;
  for (; items.size() < count; ++block) {
    if (auto loaded = load(static_cast<std::size_t>(block)); !loaded)
      return tl::unexpected(loaded.error());
    const auto skip = first + items.size() - blocks_[static_cast<std::size_t>(block)].first_item;
    const auto take = std::min<std::uint64_t>(cached_.size() - skip, count - items.size());
    const auto begin = cached_.begin() + static_cast<std::ptrdiff_t>(skip);
    items.insert(items.end(), begin, begin + static_cast<std::ptrdiff_t>(take));
  }
  return items;
}

result<void> manifest_reader::load(std::size_t block) {
  if (loaded_ == block)
    return {};
  const auto place = blocks_[block];
  const auto next = block + 1 < blocks_.size() ? blocks_[block + 1].first_item : items_;
  std::string bytes;
  if (!read_at(fd_.get(), place.offset, block_header_bytes, bytes))
    return unreadable(file_);
  const auto header = decode_block_header(bytes);
  if (!header || header->first_item != place.first_item || header->items != next - place.first_item)
    return manifest_damaged(file_, place.offset);
  if (!read_at(fd_.get(), place.offset + block_header_bytes, header->payload_bytes, bytes))
    return unreadable(file_);
  auto items = checksum(bytes) == header->payload_crc ? decode_items(*header, bytes) : std::nullopt;
  if (!items)
    return manifest_damaged(file_, place.offset);
  cached_ = std::move(*items);
  loaded_ = block;
  return {};
}

} // namespace trainyard
