// The walk along a manifest's headers, and the search behind damage.
#include "actors/coordinator/manifest_scan.hpp"

#include <cerrno>
#include <optional>

#include "actors/coordinator/manifest_block.hpp"
#include "actors/disk/durable_file.hpp"
#include "actors/disk/positioned_io.hpp"

namespace trainyard {

namespace {

constexpr std::size_t search_bytes = 1024 * 1024;

tl::unexpected<failure> unreadable(const std::filesystem::path& file) {
  return disk_failure("cannot read", file, errno);
}

/// The block's own offset stands in `at.end`; true when it is whole and valid, and `at` is then moved past
/// it.
result<bool> pass_block(int fd, const std::filesystem::path& file, bool check_payload, manifest_extent& at) {
  std::string bytes;
  if (!read_at(fd, at.end, block_header_bytes, bytes))
    return unreadable(file);
  const auto header = decode_block_header(bytes);
  if (!header || header->first_item != at.items ||
      at.file_bytes - at.end - block_header_bytes < header->payload_bytes)
    return false;
  const bool seals = header->kind == block_kind::seal;
  if (seals || check_payload) {
    if (!read_at(fd, at.end + block_header_bytes, header->payload_bytes, bytes))
      return unreadable(file);
    if (checksum(bytes) != header->payload_crc)
      return false;
    const auto items = seals ? std::optional<std::vector<listed_asset>>() : decode_items(*header, bytes);
    if (!seals && !items)
      return false;
    at.last_path = seals ? "" : items->back().path;
  }
  at.end += block_header_bytes + header->payload_bytes;
  at.items += header->items;
  at.sealed = seals;
  if (seals) {
    at.sealed_end = at.end;
    at.sealed_items = at.items;
  }
  return true;
}

result<manifest_extent> valid_extent(int fd, const std::filesystem::path& file, bool check_payloads) {
  manifest_extent at;
  const auto length = length_of(fd, file);
  if (!length)
    return tl::unexpected(length.error());
  at.file_bytes = *length;
  while (at.end < at.file_bytes) {
    const auto passed = pass_block(fd, file, check_payloads, at);
    if (!passed)
      return tl::unexpected(passed.error());
    if (!*passed)
      break;
  }
  return at;
}

/// Whether a header behind the damage says that more than `items` were durable when it was written, or that a
/// generation was sealed.
result<bool> was_durable(int fd, const std::filesystem::path& file, const manifest_extent& damaged) {
  const bool first = damaged.sealed_end == 0;
  std::string bytes;
  for (auto offset = damaged.end + 1; offset < damaged.file_bytes; offset += search_bytes) {
    if (!read_at(fd, offset, search_bytes + block_header_bytes, bytes))
      return unreadable(file);
    for (auto at = find_block_magic(bytes, 0); at != std::string::npos; at = find_block_magic(bytes, at + 1))
      if (const auto header = decode_block_header(std::string_view(bytes).substr(at));
          header && header->durable >= damaged.items &&
          (header->kind == block_kind::seal || (first && header->durable > damaged.items)))
        return true;
  }
  return false;
}

} // namespace

tl::unexpected<failure> manifest_damaged(const std::filesystem::path& file, std::uint64_t offset) {
  return fail(failure_kind::output_corrupt,
              "the listing " + file.string() + " is damaged at byte " + std::to_string(offset),
              "check the disk, then start again with an empty output folder");
}

result<manifest_extent> scan_manifest(int fd, const std::filesystem::path& file) {
  auto headers = valid_extent(fd, file, false);
  if (!headers)
    return headers;
  auto checked = headers->sealed_end > 0 ? std::move(headers) : valid_extent(fd, file, true);
  if (!checked || checked->end == checked->file_bytes)
    return checked;
  const auto damage = was_durable(fd, file, *checked);
  if (!damage)
    return tl::unexpected(damage.error());
  if (*damage)
    return manifest_damaged(file, checked->end);
  return checked;
}

} // namespace trainyard
