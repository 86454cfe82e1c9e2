// The checksum of what is stored in blocks, and of a PNG's chunks.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace trainyard {

/// CRC-32 (zlib's) of the bytes.
[[nodiscard]] std::uint32_t checksum(std::string_view bytes);
[[nodiscard]] std::uint32_t checksum(std::span<const std::uint8_t> bytes);

} // namespace trainyard
