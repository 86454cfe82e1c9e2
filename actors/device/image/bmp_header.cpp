// The header of a BMP in its six sizes, checked so far that the decoder need not check again.
#include <string>

#include "actors/device/image/bmp.hpp"
#include "actors/device/image/byte_order.hpp"

namespace trainyard {
namespace {

constexpr std::size_t file_header = 14;
constexpr std::uint32_t core_header = 12; // OS/2 1.x: 16-bit sides, palette of three bytes a colour
constexpr std::size_t masks_at = file_header + 40;

tl::unexpected<failure> unsupported(const std::string& what) {
  return fail(failure_kind::image_unsupported, "BMP with " + what, "convert the file to PNG or JPEG");
}

tl::unexpected<failure> truncated(std::size_t have, std::uint64_t need) {
  return fail(failure_kind::image_truncated,
              "BMP of " + std::to_string(have) + " bytes, its header needs " + std::to_string(need),
              "copy the file again from its source");
}

result<void> read_sides(byte_view bytes, bool is_core, bmp_header& header) {
  header.width = is_core ? le16(bytes, 18) : le32(bytes, 18);
  header.height = is_core ? le16(bytes, 20) : le32(bytes, 22);
  header.top_down = !is_core && (header.height >> 31U) != 0;
  if (header.top_down)
    header.height = 0U - header.height;
  return check_sides(header.width, header.height);
}

result<void> read_masks(byte_view bytes, bmp_header& header) {
  if (bytes.size() < masks_at + 12)
    return truncated(bytes.size(), masks_at + 12);
  const std::array masks{le32(bytes, masks_at), le32(bytes, masks_at + 4), le32(bytes, masks_at + 8)};
  if (masks[0] == 0 && masks[1] == 0 && masks[2] == 0)
    return {};
  for (const std::uint32_t mask : masks) {
    const std::uint32_t lowest = mask & (0U - mask);
    const bool is_one_run = mask != 0 && (mask & (mask + lowest)) == 0;
    if (!is_one_run || (header.bits < 32 && (mask >> header.bits) != 0))
      return unsupported("colour mask " + std::to_string(mask));
  }
  header.masks = masks;
  return {};
}

result<void> read_coding(byte_view bytes, std::uint32_t compression, bmp_header& header) {
  const std::uint32_t bits = header.bits;
  if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32)
    return unsupported(std::to_string(bits) + " bits a pixel");
  header.masks = bits == 16 ? std::array{0x7c00U, 0x3e0U, 0x1fU} : std::array{0xff0000U, 0xff00U, 0xffU};
  if (compression == 0)
    return {};
  if (compression == 1 && bits == 8)
    header.code = bmp_header::coding::rle8;
  else if (compression == 2 && bits == 4)
    header.code = bmp_header::coding::rle4;
  else if (compression == 3 && bits >= 16)
    return read_masks(bytes, header);
  else
    return unsupported("compression " + std::to_string(compression) + " at " + std::to_string(bits) +
                       " bits");
  return {};
}

/// The palette follows the header; the pixels where the file says, or behind the palette where it says
/// nothing.
result<void> read_places(byte_view bytes, std::uint32_t header_bytes, bmp_header& header) {
  const bool is_core = header_bytes == core_header;
  const std::uint32_t claimed = is_core ? 0 : le32(bytes, 46);
  header.palette_at = static_cast<std::uint32_t>(file_header) + header_bytes;
  header.palette_stride = is_core ? 3 : 4;
  if (header.bits <= 8)
    header.palette_entries = claimed == 0 ? 1U << header.bits : claimed;
  if (header.palette_entries > 65'536)
    return unsupported("a palette of " + std::to_string(header.palette_entries) + " colours");
  const std::uint32_t behind = header.palette_at + header.palette_entries * header.palette_stride;
  header.pixels_at = le32(bytes, 10);
  if (header.pixels_at == 0 || header.pixels_at == header.palette_at)
    header.pixels_at = behind;
  if (bytes.size() < behind)
    return truncated(bytes.size(), behind);
  return {};
}

} // namespace

result<bmp_header> read_bmp_header(byte_view bytes) {
  if (bytes.size() < file_header + core_header)
    return truncated(bytes.size(), file_header + core_header);
  const std::uint32_t size = le32(bytes, file_header);
  if (size != core_header && size != 40 && size != 52 && size != 56 && size != 64 && size != 108 &&
      size != 124)
    return unsupported("a header of " + std::to_string(size) + " bytes");
  if (bytes.size() < file_header + size)
    return truncated(bytes.size(), file_header + size);
  const bool is_core = size == core_header;
  bmp_header header;
  if (auto sides = read_sides(bytes, is_core, header); !sides)
    return tl::unexpected(sides.error());
  header.bits = le16(bytes, is_core ? 24 : 28);
  if (auto coding = read_coding(bytes, is_core ? 0 : le32(bytes, 30), header); !coding)
    return tl::unexpected(coding.error());
  if (auto places = read_places(bytes, size, header); !places)
    return tl::unexpected(places.error());
  return header;
}

} // namespace trainyard
