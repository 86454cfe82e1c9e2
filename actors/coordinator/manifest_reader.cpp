// Reading the manifest, block by block.
#include <algorithm>
#include <cerrno>

#include <fcntl.h>

#include "actors/coordinator/manifest.hpp"
#include "actors/coordinator/manifest_block.hpp"
#include "actors/coordinator/manifest_scan.hpp"
#include "actors/disk/durable_file.hpp"
#include "actors/disk/positioned_io.hpp"

namespace trainyard {

namespace {
constexpr std::size_t most_cached = 16; ///< blocks: 4,096 items

tl::unexpected<failure> unreadable(const std::filesystem::path& file) {
  return disk_failure("cannot read", file, errno);
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
  while (*length >= end_ + block_header_bytes) {
    const auto passed = pass_block(*length);
    if (!passed)
      return tl::unexpected(passed.error());
    if (!*passed)
      return {};
  }
  return {};
}

/// False for one that is being written.
result<bool> manifest_reader::pass_block(std::uint64_t length) {
  std::string bytes;
  if (!read_at(fd_.get(), end_, block_header_bytes, bytes))
    return unreadable(file_);
  if (bytes.size() < block_header_bytes)
    return false; // the writer has just cut off a block that found no room
  const auto header = decode_block_header(bytes);
  if (!header || header->first_item != items_)
    return manifest_damaged(file_, end_);
  if (length - end_ - block_header_bytes < header->payload_bytes)
    return false;
  sealed_ = header->kind == block_kind::seal;
  if (sealed_) {
    if (!read_at(fd_.get(), end_ + block_header_bytes, header->payload_bytes, bytes))
      return unreadable(file_);
    if (checksum(bytes) != header->payload_crc)
      return manifest_damaged(file_, end_);
    generations_.push_back({items_, std::move(bytes)});
  } else {
    blocks_.push_back({items_, end_});
  }
  items_ += header->items;
  end_ += block_header_bytes + header->payload_bytes;
  return true;
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
    const auto loaded = load(static_cast<std::size_t>(block));
    if (!loaded)
      return tl::unexpected(loaded.error());
    const auto& whole = **loaded;
    const auto skip = first + items.size() - blocks_[static_cast<std::size_t>(block)].first_item;
    const auto take = std::min<std::uint64_t>(whole.size() - skip, count - items.size());
    const auto begin = whole.begin() + static_cast<std::ptrdiff_t>(skip);
    items.insert(items.end(), begin, begin + static_cast<std::ptrdiff_t>(take));
  }
  return items;
}

result<const std::vector<listed_asset>*> manifest_reader::load(std::size_t block) {
  auto at =
      std::find_if(cached_.begin(), cached_.end(), [&](const auto& each) { return each.block == block; });
  if (at == cached_.end()) {
    auto items = decoded(block);
    if (!items)
      return tl::unexpected(items.error());
    if (cached_.size() == most_cached)
      cached_.pop_back();
    at = cached_.insert(cached_.end(), {block, std::move(*items)});
  }
  std::rotate(cached_.begin(), at, at + 1);
  return &cached_.front().items;
}

result<std::vector<listed_asset>> manifest_reader::decoded(std::size_t block) {
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
  return std::move(*items);
}

} // namespace trainyard
