// The CRC of PNG chunks, eight bytes at a time.
#pragma once

#include <cstdint>

#include "actors/device/image/image_format.hpp"

namespace trainyard {

[[nodiscard]] std::uint32_t crc32(byte_view bytes) noexcept;

} // namespace trainyard
