// Encoding and checking of manifest blocks.
#include "actors/coordinator/manifest_block.hpp"

#include "actors/coordinator/little_endian.hpp"
#include "actors/disk/positioned_io.hpp"

namespace trainyard {

namespace {
constexpr std::string_view magic{"TYlist\x01\n", block_magic_bytes};
constexpr std::size_t item_bytes_without_path = 4 + 8 + 8;
constexpr std::size_t largest_payload = items_in_a_block * (item_bytes_without_path + longest_path_bytes);
constexpr std::size_t checked_bytes = block_header_bytes - 4;
} // namespace

std::string encode(const block_header& header) {
  std::string out(magic);
  put_number(out, static_cast<std::uint32_t>(header.kind));
  put_number(out, header.first_item);
  put_number(out, header.durable);
  put_number(out, header.items);
  put_number(out, header.payload_bytes);
  put_number(out, header.payload_crc);
  put_number(out, checksum(out));
  return out;
}

std::optional<block_header> decode_block_header(std::string_view bytes) {
  if (bytes.size() < block_header_bytes || !bytes.starts_with(magic) ||
      checksum(bytes.substr(0, checked_bytes)) != get_number<std::uint32_t>(bytes.data() + checked_bytes))
    return std::nullopt;
  const char* at = bytes.data() + magic.size();
  const auto kind = get_number<std::uint32_t>(at);
  const block_header header{static_cast<block_kind>(kind),      get_number<std::uint64_t>(at + 4),
                            get_number<std::uint64_t>(at + 12), get_number<std::uint32_t>(at + 20),
                            get_number<std::uint32_t>(at + 24), get_number<std::uint32_t>(at + 28)};
  const bool seal =
      header.kind == block_kind::seal && header.items == 0 && header.payload_bytes <= longest_note_bytes;
  const bool items = header.kind == block_kind::items && header.items > 0 &&
                     header.items <= items_in_a_block && header.payload_bytes <= largest_payload;
  return seal || items ? std::optional(header) : std::nullopt;
}

void encode(const listed_asset& item, std::string& payload) {
  put_number(payload, static_cast<std::uint32_t>(item.path.size()));
  put_number(payload, item.bytes);
  put_number(payload, static_cast<std::uint64_t>(item.mtime_ns));
  payload += item.path;
}

std::optional<std::vector<listed_asset>> decode_items(const block_header& header, std::string_view payload) {
  std::vector<listed_asset> items;
  items.reserve(header.items);
  for (std::uint32_t i = 0; i < header.items; ++i) {
    if (payload.size() < item_bytes_without_path)
      return std::nullopt;
    const auto path_bytes = get_number<std::uint32_t>(payload.data());
    if (payload.size() - item_bytes_without_path < path_bytes)
      return std::nullopt;
    items.push_back({std::string(payload.substr(item_bytes_without_path, path_bytes)),
                     get_number<std::uint64_t>(payload.data() + 4),
                     static_cast<std::int64_t>(get_number<std::uint64_t>(payload.data() + 12))});
    payload.remove_prefix(item_bytes_without_path + path_bytes);
  }
  return payload.empty() ? std::optional(std::move(items)) : std::nullopt;
}

std::size_t find_block_magic(std::string_view bytes, std::size_t from) {
  return bytes.find(magic, from);
}

} // namespace trainyard
