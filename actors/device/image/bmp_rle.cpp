// A cursor over the rows and a cursor over the bytes; both are checked at every step.
#include "actors/device/image/bmp_rle.hpp"

#include <algorithm>
#include <string>

namespace trainyard {
namespace {

class run_reader {
public:
  run_reader(byte_view data, const bmp_header& header)
      : data_(data), header_(header), indices_(std::size_t{header.width} * header.height) {}

  /// False when the data ends too soon.
  bool read() {
    while (y_ < header_.height) {
      if (left() < 2)
        return x_ >= header_.width && y_ + 1 == header_.height; // only the end mark is missing
      const std::uint8_t count = data_[at_++];
      const std::uint8_t value = data_[at_++];
      if (count > 0)
        repeat(count, value);
      else if (value == 0)
        start_row(y_ + 1);
      else if (value == 1)
        return true;
      else if (value == 2 ? !skip() : !copy(value))
        return false;
    }
    return true;
  }
  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(indices_); }
  [[nodiscard]] std::uint32_t row() const { return y_; }

private:
  [[nodiscard]] std::size_t left() const { return data_.size() - at_; }
  [[nodiscard]] bool is_rle4() const { return header_.code == bmp_header::coding::rle4; }

  void put(std::uint8_t index) {
    if (x_ < header_.width)
      indices_[std::size_t{y_} * header_.width + x_++] = index;
  }
  void start_row(std::uint32_t y) {
    y_ = y;
    x_ = 0;
  }
  static std::uint8_t nibble(std::uint8_t byte, unsigned i) {
    return (i & 1U) == 0 ? byte >> 4U : byte & 15U;
  }
  void repeat(unsigned count, std::uint8_t value) {
    for (unsigned i = 0; i < count; ++i)
      put(is_rle4() ? nibble(value, i) : value);
  }
  bool skip() {
    if (left() < 2)
      return false;
    x_ = std::min<std::uint32_t>(x_ + data_[at_], header_.width);
    y_ = std::min<std::uint32_t>(y_ + data_[at_ + 1], header_.height);
    at_ += 2;
    return true;
  }
  bool copy(unsigned count) {
    const std::size_t bytes = is_rle4() ? (count + 1) / 2 : count;
    if (left() < bytes)
      return false;
    for (unsigned i = 0; i < count; ++i)
      put(is_rle4() ? nibble(data_[at_ + i / 2], i) : data_[at_ + i]);
    at_ += std::min(bytes + (bytes & 1U), left());
    return true;
  }

  byte_view data_;
  const bmp_header& header_;
  std::vector<std::uint8_t> indices_;
  std::size_t at_ = 0;
  std::uint32_t x_ = 0;
  std::uint32_t y_ = 0;
};

} // namespace

result<std::vector<std::uint8_t>> read_bmp_runs(byte_view bytes, const bmp_header& header) {
  const byte_view data = bytes.subspan(std::min<std::size_t>(header.pixels_at, bytes.size()));
  run_reader reader(data, header);
  if (!reader.read())
    return fail(failure_kind::image_truncated,
                "BMP run lengths end in row " + std::to_string(reader.row()) + " of " +
                    std::to_string(header.height),
                "copy the file again from its source");
  return reader.take();
}

} // namespace trainyard
