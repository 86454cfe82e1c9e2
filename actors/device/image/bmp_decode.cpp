// The rows of a BMP without run lengths, and the common end of both kinds: palette and order of rows.
#include <algorithm>
#include <bit>
#include <string>

#include "actors/device/image/bmp.hpp"
#include "actors/device/image/bmp_rle.hpp"
#include "actors/device/image/byte_order.hpp"

namespace trainyard {
namespace {

using colour = std::array<std::uint8_t, 3>;
using palette = std::array<colour, 256>; // an index beyond the file's entries is black

palette read_palette(byte_view bytes, const bmp_header& header) {
  palette colours{};
  const std::size_t entries = std::min<std::size_t>(header.palette_entries, colours.size());
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t at = header.palette_at + i * header.palette_stride;
    colours[i] = {bytes[at + 2], bytes[at + 1], bytes[at]};
  }
  return colours;
}

std::uint8_t* put(std::uint8_t* to, const colour& rgb) {
  return std::copy(rgb.begin(), rgb.end(), to);
}

void indexed_row(byte_view row, const bmp_header& header, const palette& colours, std::uint8_t* to) {
  const std::uint32_t per_byte = 8 / header.bits;
  for (std::uint32_t x = 0; x < header.width; ++x) {
    const std::uint32_t shift = 8 - header.bits * (x % per_byte + 1);
    to = put(to, colours[(row[x / per_byte] >> shift) & ((1U << header.bits) - 1)]);
  }
}

std::uint8_t masked(std::uint32_t value, std::uint32_t mask) {
  const auto shift = static_cast<unsigned>(std::countr_zero(mask));
  const std::uint32_t full = mask >> shift;
  const std::uint32_t level = (value & mask) >> shift;
  return static_cast<std::uint8_t>(full == 255 ? level : std::uint64_t{level} * 255 / full);
}

void masked_row(byte_view row, const bmp_header& header, std::uint8_t* to) {
  const auto& [red, green, blue] = header.masks;
  for (std::uint32_t x = 0; x < header.width; ++x) {
    const std::uint32_t value = header.bits == 16   ? le16(row, std::size_t{x} * 2)
                                : header.bits == 24 ? le24(row, std::size_t{x} * 3)
                                                    : le32(row, std::size_t{x} * 4);
    to = put(to, {masked(value, red), masked(value, green), masked(value, blue)});
  }
}

std::uint8_t* row_of(rgb_image& image, const bmp_header& header, std::uint32_t y) {
  return image.pixels.get() + (header.top_down ? y : header.height - 1 - y) * image.row_bytes();
}

result<rgb_image> decode_plain(byte_view bytes, const bmp_header& header) {
  const std::uint64_t row_bits = std::uint64_t{header.width} * header.bits;
  const std::uint64_t stride = (row_bits + 31) / 32 * 4;
  const std::uint64_t last = (row_bits + 7) / 8; // its padding may be missing
  const std::uint64_t need = header.pixels_at + stride * (header.height - 1) + last;
  if (bytes.size() < need)
    return fail(failure_kind::image_truncated,
                "BMP of " + std::to_string(bytes.size()) + " bytes, its pixels need " + std::to_string(need),
                "copy the file again from its source");
  const palette colours = read_palette(bytes, header);
  rgb_image image = make_rgb_image(header.width, header.height);
  for (std::uint32_t y = 0; y < header.height; ++y) {
    const byte_view row = bytes.subspan(header.pixels_at + static_cast<std::size_t>(y * stride),
                                        static_cast<std::size_t>(last));
    if (header.bits <= 8)
      indexed_row(row, header, colours, row_of(image, header, y));
    else
      masked_row(row, header, row_of(image, header, y));
  }
  return image;
}

result<rgb_image> decode_runs(byte_view bytes, const bmp_header& header) {
  const auto indices = read_bmp_runs(bytes, header);
  if (!indices)
    return tl::unexpected(indices.error());
  const palette colours = read_palette(bytes, header);
  rgb_image image = make_rgb_image(header.width, header.height);
  const std::uint8_t* index = indices->data();
  for (std::uint32_t y = 0; y < header.height; ++y) {
    std::uint8_t* to = row_of(image, header, y);
    for (std::uint32_t x = 0; x < header.width; ++x)
      to = put(to, colours[*index++]);
  }
  return image;
}

} // namespace

result<rgb_image> decode_bmp(byte_view bytes) {
  const auto header = read_bmp_header(bytes);
  if (!header)
    return tl::unexpected(header.error());
  return header->code == bmp_header::coding::plain ? decode_plain(bytes, *header)
                                                   : decode_runs(bytes, *header);
}

} // namespace trainyard
