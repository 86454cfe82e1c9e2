// The PNG header, and which of OpenCV's two ways a PNG takes.
#include "actors/device/image/png.hpp"

#include <string>

#include "actors/device/image/byte_order.hpp"
#include "actors/device/image/opencv_decode.hpp"
#include "actors/device/image/png_chunks.hpp"

namespace trainyard {
namespace {

constexpr std::uint8_t grey = 0;
constexpr std::uint8_t palette = 3;

bool is_depth(std::uint8_t colour_type, std::uint8_t bits) {
  switch (colour_type) {
  case grey:
    return bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
  case palette:
    return bits == 1 || bits == 2 || bits == 4 || bits == 8;
  case 2:
  case 4:
  case 6:
    return bits == 8 || bits == 16;
  default:
    return false;
  }
}

} // namespace

result<png_header> read_png_header(byte_view bytes) {
  if (bytes.size() < 8 + 12 + 13)
    return fail(failure_kind::image_truncated, "PNG of " + std::to_string(bytes.size()) + " bytes");
  if (be32(bytes, 12) == 0x43674249) // CgBI
    return fail(failure_kind::image_unsupported, "PNG in Apple's CgBI variant", "convert it to a plain PNG");
  if (be32(bytes, 8) != 13 || be32(bytes, 12) != 0x49484452) // IHDR
    return fail(failure_kind::image_corrupt, "PNG does not start with its header");
  const png_header header{be32(bytes, 16), be32(bytes, 20), bytes[24], bytes[25]};
  if (auto sides = check_sides(header.width, header.height); !sides)
    return tl::unexpected(sides.error());
  if (!is_depth(header.colour_type, header.bit_depth) || bytes[26] != 0 || bytes[27] != 0 || bytes[28] > 1)
    return fail(failure_kind::image_corrupt, "PNG of colour type " + std::to_string(header.colour_type) +
                                                 " with " + std::to_string(header.bit_depth) + " bits");
  return header;
}

result<rgb_image> decode_png(byte_view bytes) {
  const auto header = read_png_header(bytes);
  if (!header)
    return tl::unexpected(header.error());
  const auto stripped = strip_png(bytes);
  if (!stripped)
    return tl::unexpected(stripped.error());
  if (header->colour_type == grey && header->bit_depth == 16)
    return decode_grey16(*stripped, header->width, header->height);
  return decode_rgb8(*stripped, header->width, header->height);
}

} // namespace trainyard
