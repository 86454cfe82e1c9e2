// A PNG taken apart and put together again without the chunks that carry no pixels.
#pragma once

#include <cstdint>

#include "actors/device/image/image_format.hpp"
#include "actors/device/image/large_block.hpp"

namespace trainyard {

/// `bytes` passed read_png_header. The same image with IHDR, PLTE, IDAT and IEND only: text, profiles and
/// animation frames, which a decoder might inflate to any size, are gone, and so is transparency, which is
/// dropped anyway. image_truncated when chunks are missing at the end, image_corrupt for a checksum or an
/// order that is wrong. Bytes behind IEND are ignored.
[[nodiscard]] result<byte_buffer> strip_png(byte_view bytes);

} // namespace trainyard
