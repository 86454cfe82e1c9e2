// The bytes of a manifest: a chain of headers and payloads, each with its own checksum.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/coordinator/listed_asset.hpp"

namespace trainyard {

inline constexpr std::uint32_t items_in_a_block = 256;
inline constexpr std::size_t longest_path_bytes = 64 * 1024;
inline constexpr std::size_t longest_note_bytes = 4 * 1024; ///< the payload of a seal

enum class block_kind : std::uint32_t { items = 1, seal = 2 };

struct block_header {
  block_kind kind = block_kind::items;
  std::uint64_t first_item = 0; ///< of a seal: the total so far
  std::uint64_t durable =
      0; ///< items known to be durable when this was written: below it, damage is no crash
  std::uint32_t items = 0;
  std::uint32_t payload_bytes = 0;
  std::uint32_t payload_crc = 0;
};
inline constexpr std::size_t block_header_bytes = 44;

[[nodiscard]] std::string encode(const block_header& header);
/// The header at the start of `bytes`; nothing where the bytes are too few, damaged or not one.
[[nodiscard]] std::optional<block_header> decode_block_header(std::string_view bytes);

void encode(const listed_asset& item, std::string& payload);
/// The items of a block whose checksum held; nothing where they do not fill `payload` exactly.
[[nodiscard]] std::optional<std::vector<listed_asset>> decode_items(const block_header& header,
                                                                    std::string_view payload);

/// Where in `bytes` the next header can begin; npos when nowhere.
[[nodiscard]] std::size_t find_block_magic(std::string_view bytes, std::size_t from);
inline constexpr std::size_t block_magic_bytes = 8;

} // namespace trainyard
