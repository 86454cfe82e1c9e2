// CRC-32 (IEEE 802.3, as zlib) by eight tables made at compile time.
#include "actors/device/image/crc32.hpp"

#include <array>

#include "actors/device/image/byte_order.hpp"

namespace trainyard {
namespace {

using crc_tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr crc_tables make_tables() {
  crc_tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit)
      value = (value >> 1U) ^ ((value & 1U) != 0 ? 0xedb88320U : 0U);
    tables[0][byte] = value;
  }
  for (std::size_t table = 1; table < tables.size(); ++table)
    for (std::size_t byte = 0; byte < 256; ++byte)
      tables[table][byte] = (tables[table - 1][byte] >> 8U) ^ tables[0][tables[table - 1][byte] & 255U];
  return tables;
}

constexpr crc_tables tables = make_tables();

} // namespace

std::uint32_t crc32(byte_view bytes) noexcept {
  std::uint32_t crc = ~0U;
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    const std::uint32_t low = crc ^ le32(bytes, at);
    const std::uint32_t high = le32(bytes, at + 4);
    crc = tables[7][low & 255U] ^ tables[6][(low >> 8U) & 255U] ^ tables[5][(low >> 16U) & 255U] ^
          tables[4][low >> 24U] ^ tables[3][high & 255U] ^ tables[2][(high >> 8U) & 255U] ^
          tables[1][(high >> 16U) & 255U] ^ tables[0][high >> 24U];
  }
  for (; at < bytes.size(); ++at)
    crc = (crc >> 8U) ^ tables[0][(crc ^ bytes[at]) & 255U];
  return ~crc;
}

} // namespace trainyard
