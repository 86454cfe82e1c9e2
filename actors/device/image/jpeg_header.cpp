// Walks a JPEG's markers: the frame header before any decoder runs, and how many scans wait behind it.
#include <algorithm>
#include <cstring>
#include <string>

#include "actors/device/image/byte_order.hpp"
#include "actors/device/image/jpeg.hpp"

namespace trainyard {
namespace {

constexpr std::uint32_t most_scans = 100;
/// A scan costs time for every pixel even when it holds nothing: 16 scans over the largest image, more over
/// smaller ones (encoders write 10 or fewer).
constexpr std::uint64_t most_scanned_pixels = 16 * max_image_pixels;

constexpr std::uint8_t end_of_image = 0xd9;
constexpr std::uint8_t start_of_scan = 0xda;

bool stands_alone(std::uint8_t marker) {
  return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

bool starts_frame(std::uint8_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// Reads markers one after the other; entropy-coded data is passed over as libjpeg passes over garbage.
class marker_walk {
public:
  explicit marker_walk(byte_view bytes) : bytes_(bytes) {}

  /// False at the end of the data. Afterwards marker() and, where it has one, segment() hold.
  bool next() {
    while (true) {
      const void* found =
          at_ < bytes_.size() ? std::memchr(&bytes_[at_], 0xff, bytes_.size() - at_) : nullptr;
      if (found == nullptr)
        return false;
      at_ = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - bytes_.data());
      while (at_ < bytes_.size() && bytes_[at_] == 0xff)
        ++at_;
      if (at_ == bytes_.size())
        return false;
      marker_ = bytes_[at_++];
      if (!stands_alone(marker_))
        return take_segment();
    }
  }
  [[nodiscard]] std::uint8_t marker() const { return marker_; }
  [[nodiscard]] byte_view segment() const { return segment_; }

private:
  bool take_segment() {
    segment_ = {};
    if (marker_ == end_of_image)
      return true;
    if (bytes_.size() - at_ < 2)
      return false;
    const std::size_t length = std::max<std::size_t>(be16(bytes_, at_), 2);
    if (bytes_.size() - at_ < length)
      return false;
    segment_ = bytes_.subspan(at_ + 2, length - 2);
    at_ += length;
    return true;
  }

  byte_view bytes_;
  std::size_t at_ = 2; // behind the start of the image
  std::uint8_t marker_ = 0;
  byte_view segment_;
};

result<jpeg_header> read_frame(std::uint8_t marker, byte_view frame) {
  if (frame.size() < 6)
    return fail(failure_kind::image_corrupt,
                "JPEG frame header of " + std::to_string(frame.size()) + " bytes");
  const bool known = marker <= 0xc2 || marker == 0xc9 || marker == 0xca;
  if (!known || frame[0] != 8)
    return fail(failure_kind::image_unsupported,
                "JPEG of process " + std::to_string(marker - 0xc0) + " with " + std::to_string(frame[0]) +
                    " bits a sample (lossless, hierarchical or 12-bit)",
                "convert the file to a baseline JPEG");
  const jpeg_header header{be16(frame, 3), be16(frame, 1), frame[5], true};
  if (header.components != 1 && header.components != 3 && header.components != 4)
    return fail(failure_kind::image_unsupported,
                "JPEG with " + std::to_string(header.components) + " colour components");
  if (auto sides = check_sides(header.width, header.height); !sides)
    return tl::unexpected(sides.error());
  return header;
}

result<void> check_scans(marker_walk& walk, jpeg_header& header) {
  std::uint64_t scans = 0;
  header.has_end = false;
  while (!header.has_end && walk.next()) {
    scans += walk.marker() == start_of_scan ? 1 : 0;
    header.has_end = walk.marker() == end_of_image;
  }
  const std::uint64_t pixels = std::uint64_t{header.width} * header.height;
  if (scans > most_scans || scans * pixels > most_scanned_pixels)
    return fail(failure_kind::image_too_many_pixels,
                "JPEG of " + std::to_string(header.width) + "x" + std::to_string(header.height) + " in " +
                    std::to_string(scans) + " scans would take too long to decode",
                "save the file again as a baseline JPEG");
  return {};
}

} // namespace

result<jpeg_header> read_jpeg_header(byte_view bytes) {
  marker_walk walk(bytes);
  while (walk.next()) {
    if (walk.marker() == end_of_image || walk.marker() == start_of_scan)
      return fail(failure_kind::image_corrupt, "JPEG without a frame header");
    if (!starts_frame(walk.marker()))
      continue;
    auto header = read_frame(walk.marker(), walk.segment());
    if (header)
      if (auto scans = check_scans(walk, *header); !scans)
        return tl::unexpected(scans.error());
    return header;
  }
  return fail(failure_kind::image_truncated, "JPEG ends before its frame header");
}

} // namespace trainyard
