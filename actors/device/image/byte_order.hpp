// Integers out of bytes, whatever the machine's own order. The caller has checked that they are there.
#pragma once

#include <cstddef>
#include <cstdint>

#include "actors/device/image/image_format.hpp"

namespace trainyard {

[[nodiscard]] inline std::uint32_t be16(byte_view bytes, std::size_t at) {
  return (std::uint32_t{bytes[at]} << 8U) | bytes[at + 1];
}

[[nodiscard]] inline std::uint32_t be32(byte_view bytes, std::size_t at) {
  return (be16(bytes, at) << 16U) | be16(bytes, at + 2);
}

[[nodiscard]] inline std::uint32_t le16(byte_view bytes, std::size_t at) {
  return bytes[at] | (std::uint32_t{bytes[at + 1]} << 8U);
}

[[nodiscard]] inline std::uint32_t le24(byte_view bytes, std::size_t at) {
  return le16(bytes, at) | (std::uint32_t{bytes[at + 2]} << 16U);
}

[[nodiscard]] inline std::uint32_t le32(byte_view bytes, std::size_t at) {
  return le16(bytes, at) | (le16(bytes, at + 2) << 16U);
}

} // namespace trainyard
