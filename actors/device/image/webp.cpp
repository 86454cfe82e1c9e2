// The RIFF container of WebP: simple, extended and animated files all come down to one bitstream chunk.
#include "actors/device/image/webp.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "actors/device/image/byte_order.hpp"
#include "actors/device/image/large_block.hpp"
#include "actors/device/image/opencv_decode.hpp"

namespace trainyard {
namespace {

constexpr std::uint32_t name(const char (&text)[5]) {
  return static_cast<std::uint8_t>(text[0]) | (std::uint32_t{static_cast<std::uint8_t>(text[1])} << 8U) |
         (std::uint32_t{static_cast<std::uint8_t>(text[2])} << 16U) |
         (std::uint32_t{static_cast<std::uint8_t>(text[3])} << 24U);
}

tl::unexpected<failure> corrupt(const std::string& what) {
  return fail(failure_kind::image_corrupt, "WebP " + what, "copy the file again from its source");
}

tl::unexpected<failure> truncated(std::size_t have, std::uint64_t need) {
  return fail(failure_kind::image_truncated,
              "WebP ends at byte " + std::to_string(have) + " of " + std::to_string(need),
              "copy the file again from its source");
}

/// The next chunk of one of two types in a run of chunks, header included; an empty view when there is none.
result<byte_view> find_chunk(byte_view chunks, std::uint32_t type, std::uint32_t or_type) {
  for (std::size_t at = 0; chunks.size() - at >= 8;) {
    const std::uint64_t size = std::uint64_t{le32(chunks, at + 4)} + 8;
    if (size > chunks.size() - at)
      return truncated(chunks.size(), at + size);
    const std::uint32_t found = le32(chunks, at);
    if (found == type || found == or_type)
      return chunks.subspan(at, static_cast<std::size_t>(size));
    at += static_cast<std::size_t>(std::min<std::uint64_t>(size + (size & 1U), chunks.size() - at));
  }
  return byte_view{};
}

/// The sides that the bitstream itself claims.
result<void> read_bitstream(byte_view chunk, webp_header& header) {
  const byte_view data = chunk.subspan(8);
  if (le32(chunk, 0) == name("VP8L")) {
    if (data.size() < 5 || data[0] != 0x2f)
      return corrupt("lossless bitstream without its signature");
    const std::uint32_t bits = le32(data, 1);
    header.frame_width = (bits & 0x3fffU) + 1;
    header.frame_height = ((bits >> 14U) & 0x3fffU) + 1;
  } else {
    if (data.size() < 10 || (data[0] & 1U) != 0 || data[3] != 0x9d || data[4] != 0x01 || data[5] != 0x2a)
      return corrupt("lossy bitstream without a key frame");
    header.frame_width = le16(data, 6) & 0x3fffU;
    header.frame_height = le16(data, 8) & 0x3fffU;
  }
  header.bitstream = chunk;
  return check_sides(header.frame_width, header.frame_height);
}

/// Of the chunks of one frame: the one with its pixels.
result<void> read_frame(byte_view chunks, webp_header& header) {
  const auto bitstream = find_chunk(chunks, name("VP8 "), name("VP8L"));
  if (!bitstream)
    return tl::unexpected(bitstream.error());
  if (bitstream->empty())
    return corrupt("without pixel data");
  return read_bitstream(*bitstream, header);
}

result<void> read_first_animation_frame(byte_view chunks, webp_header& header) {
  const auto frame = find_chunk(chunks, name("ANMF"), name("ANMF"));
  if (!frame)
    return tl::unexpected(frame.error());
  if (frame->size() < 8 + 16)
    return corrupt("animation without a frame");
  header.frame_x = le24(*frame, 8) * 2;
  header.frame_y = le24(*frame, 11) * 2;
  if (auto read = read_frame(frame->subspan(8 + 16), header); !read)
    return read;
  if (header.frame_width != le24(*frame, 14) + 1 || header.frame_height != le24(*frame, 17) + 1)
    return corrupt("frame of another size than it claims");
  return {};
}

result<void> read_extended(byte_view chunks, webp_header& header) {
  if (chunks.size() < 18 || le32(chunks, 4) < 10)
    return corrupt("with a short extended header");
  constexpr std::uint8_t animation_flag = 0x02;
  header.width = le24(chunks, 12) + 1;
  header.height = le24(chunks, 15) + 1;
  if (auto sides = check_sides(header.width, header.height); !sides)
    return sides;
  const bool animated = (chunks[8] & animation_flag) != 0;
  auto read = animated ? read_first_animation_frame(chunks, header) : read_frame(chunks, header);
  if (!read)
    return read;
  const bool covers = header.frame_width == header.width && header.frame_height == header.height;
  const bool inside = header.frame_x + header.frame_width <= header.width &&
                      header.frame_y + header.frame_height <= header.height;
  if (animated ? !inside : !covers)
    return corrupt("frame of " + std::to_string(header.frame_width) + "x" +
                   std::to_string(header.frame_height) + " on a canvas of " + std::to_string(header.width) +
                   "x" + std::to_string(header.height));
  return {};
}

/// A simple file around one bitstream. libwebp and OpenCV want a few bytes behind the very smallest images.
byte_buffer wrap(byte_view bitstream) {
  constexpr std::size_t prefix = 12;
  const std::size_t padded = bitstream.size() + (bitstream.size() & 1U);
  byte_buffer file(prefix + padded + 32, 0);
  std::memcpy(file.data(), "RIFF....WEBP", prefix);
  for (unsigned byte = 0; byte < 4; ++byte)
    file[4 + byte] = static_cast<std::uint8_t>((padded + 4) >> (8U * byte));
  std::copy(bitstream.begin(), bitstream.end(), file.begin() + prefix);
  return file;
}

} // namespace

result<webp_header> read_webp_header(byte_view bytes) {
  const std::uint64_t claimed = std::uint64_t{le32(bytes, 4)} + 8;
  if (claimed > bytes.size() || bytes.size() < 12 + 8)
    return truncated(bytes.size(), std::max<std::uint64_t>(claimed, 20));
  if (claimed < 12 + 8)
    return corrupt("of " + std::to_string(claimed) + " bytes by its own claim");
  const byte_view chunks = bytes.subspan(12, static_cast<std::size_t>(claimed) - 12);
  webp_header header;
  const bool extended = le32(chunks, 0) == name("VP8X");
  if (auto read = extended ? read_extended(chunks, header) : read_frame(chunks, header); !read)
    return tl::unexpected(read.error());
  if (!extended) {
    header.width = header.frame_width;
    header.height = header.frame_height;
  }
  return header;
}

result<rgb_image> decode_webp(byte_view bytes) {
  const auto header = read_webp_header(bytes);
  if (!header)
    return tl::unexpected(header.error());
  auto frame = decode_rgb8(wrap(header->bitstream), header->frame_width, header->frame_height);
  if (!frame || (frame->width == header->width && frame->height == header->height))
    return frame;
  rgb_image canvas{header->width, header->height, nullptr};
  canvas.pixels.reset(new std::uint8_t[canvas.row_bytes() * canvas.height]()); // black, as Pillow's
  for (std::uint32_t y = 0; y < frame->height; ++y)
    std::memcpy(canvas.pixels.get() + (header->frame_y + y) * canvas.row_bytes() +
                    header->frame_x * std::size_t{3},
                frame->pixels.get() + y * frame->row_bytes(), frame->row_bytes());
  return canvas;
}

} // namespace trainyard
