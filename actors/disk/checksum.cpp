// CRC-32 from zlib.
#include "actors/disk/checksum.hpp"

#include <zlib.h>

namespace trainyard {

std::uint32_t checksum(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint32_t>(::crc32_z(0, bytes.data(), bytes.size()));
}

std::uint32_t checksum(std::string_view bytes) {
  return checksum(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

} // namespace trainyard
