// The chunk walk. Every length and every checksum is checked before a decoder sees the data.
#include "actors/device/image/png_chunks.hpp"

#include <string>

#include "actors/device/image/byte_order.hpp"
#include "actors/disk/checksum.hpp"

namespace trainyard {
namespace {

constexpr std::uint32_t name(const char (&text)[5]) {
  return (std::uint32_t{static_cast<std::uint8_t>(text[0])} << 24U) |
         (std::uint32_t{static_cast<std::uint8_t>(text[1])} << 16U) |
         (std::uint32_t{static_cast<std::uint8_t>(text[2])} << 8U) | static_cast<std::uint8_t>(text[3]);
}

struct chunk {
  std::uint32_t type = 0;
  byte_view whole; ///< length, type, data, checksum
};

result<chunk> read_chunk(byte_view bytes, std::size_t at) {
  if (bytes.size() - at < 12)
    return fail(failure_kind::image_truncated,
                "PNG ends at byte " + std::to_string(bytes.size()) + " without its end chunk");
  const std::uint32_t length = be32(bytes, at);
  if (length > 0x7fffffffU)
    return fail(failure_kind::image_corrupt,
                "PNG chunk at byte " + std::to_string(at) + " claims " + std::to_string(length) + " bytes");
  if (bytes.size() - at - 12 < length)
    return fail(failure_kind::image_truncated, "PNG ends within the chunk at byte " + std::to_string(at) +
                                                   ": " + std::to_string(bytes.size() - at - 12) + " of " +
                                                   std::to_string(length) + " bytes");
  const chunk found{be32(bytes, at + 4), bytes.subspan(at, std::size_t{length} + 12)};
  if (checksum(found.whole.subspan(4, std::size_t{length} + 4)) != be32(bytes, at + 8 + length))
    return fail(failure_kind::image_corrupt,
                "PNG chunk at byte " + std::to_string(at) + " has a wrong checksum");
  return found;
}

/// What must hold of the order: IHDR, PLTE?, IDAT without a gap, IEND.
class chunk_order {
public:
  explicit chunk_order(bool needs_palette) : needs_palette_(needs_palette) {}

  /// Whether the chunk makes pixels, or a failure.
  result<bool> take(std::uint32_t type) {
    const bool is_data = type == name("IDAT");
    if (!is_data && data_ == progress::now)
      data_ = progress::over;
    if (type == name("IHDR"))
      return once(header_, data_ == progress::before && !palette_, "header");
    if (type == name("PLTE"))
      return once(palette_, data_ == progress::before, "palette");
    if (is_data && data_ == progress::over)
      return fail(failure_kind::image_corrupt, "PNG pixel data in two places");
    if (is_data && needs_palette_ && !palette_)
      return fail(failure_kind::image_corrupt, "PNG of palette colours without a palette");
    if (is_data)
      data_ = progress::now;
    if (type == name("IEND") && data_ == progress::before)
      return fail(failure_kind::image_corrupt, "PNG without pixel data");
    return is_data || type == name("IEND");
  }

private:
  enum class progress { before, now, over };

  static result<bool> once(bool& seen, bool in_order, const char* what) {
    if (seen || !in_order)
      return fail(failure_kind::image_corrupt, std::string("PNG with a second or late ") + what);
    seen = true;
    return true;
  }

  bool needs_palette_;
  bool header_ = false;
  bool palette_ = false;
  progress data_ = progress::before;
};

} // namespace

result<byte_buffer> strip_png(byte_view bytes) {
  byte_buffer stripped(bytes.begin(), bytes.begin() + 8);
  stripped.reserve(bytes.size());
  constexpr std::size_t colour_type_at = 25;
  chunk_order order(bytes[colour_type_at] == 3);
  for (std::size_t at = 8;;) {
    const auto found = read_chunk(bytes, at);
    if (!found)
      return tl::unexpected(found.error());
    const auto wanted = order.take(found->type);
    if (!wanted)
      return tl::unexpected(wanted.error());
    if (*wanted)
      stripped.insert(stripped.end(), found->whole.begin(), found->whole.end());
    if (found->type == name("IEND"))
      return stripped;
    at += found->whole.size();
  }
}

} // namespace trainyard
