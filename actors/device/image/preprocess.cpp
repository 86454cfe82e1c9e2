// The geometry of the resize and the crop; the arithmetic is in resample_filter and resample_passes.
#include "actors/device/image/preprocess.hpp"

#include <algorithm>

#include "actors/device/image/resample_filter.hpp"
#include "actors/device/image/resample_passes.hpp"

namespace trainyard {
namespace {

/// Along one axis: the resized pixels that the crop shows, and where in the crop they start.
struct crop_window {
  resize_axis axis;
  std::uint32_t offset = 0;
};

/// (target - crop) / 2, and which of the two middles when it has a half.
std::uint64_t offset_of(std::uint64_t surplus, crop_offset rounding) {
  const auto half = surplus / 2;
  const bool up = rounding == crop_offset::half_to_even && surplus % 2 == 1 && half % 2 == 1;
  return up ? half + 1 : half;
}

crop_window window_of(std::uint32_t source, std::uint64_t target, const image_spec& spec) {
  const auto crop = spec.crop;
  if (target < crop) // Python's floor division puts the odd pixel of padding before the image
    return {{source, target, 0, static_cast<std::uint32_t>(target)},
            static_cast<std::uint32_t>((crop - target + 1) / 2)};
  return {{source, target, offset_of(target - crop, spec.offset), crop}, 0};
}

/// Truncation of a double division, as Python's int(resize * side / shorter) does it.
std::uint64_t resized_side(std::uint32_t resize, std::uint32_t side, std::uint32_t shorter) {
  return static_cast<std::uint64_t>(static_cast<double>(std::uint64_t{resize} * side) /
                                    static_cast<double>(shorter));
}

/// The rows that the vertical pass needs, each already resized horizontally.
byte_buffer resample_columns(const rgb_image& image, const resample_filter& columns,
                             const resample_filter& rows) {
  const std::size_t row_bytes = columns.first.size() * 3;
  byte_buffer resized((rows.source_end() - rows.source_begin()) * row_bytes);
  std::vector<std::uint8_t> scratch((columns.source_end() - columns.source_begin()) * std::size_t{4} + 8);
  for (std::uint32_t y = rows.source_begin(); y < rows.source_end(); ++y)
    resample_row(image.pixels.get() + y * image.row_bytes(), columns, scratch.data(),
                 resized.data() + (y - rows.source_begin()) * row_bytes);
  return resized;
}

} // namespace

byte_buffer preprocess(const rgb_image& image, const image_spec& spec) {
  const std::uint32_t shorter = std::min(image.width, image.height);
  const auto target_of = [&](std::uint32_t side) {
    return spec.fit == image_fit::squash ? spec.crop : resized_side(spec.resize, side, shorter);
  };
  const auto across = window_of(image.width, target_of(image.width), spec);
  const auto down = window_of(image.height, target_of(image.height), spec);
  const resample_filter columns = make_filter(across.axis, spec.filter);
  const resample_filter rows = make_filter(down.axis, spec.filter);
  const auto resized = resample_columns(image, columns, rows);
  const std::size_t row_bytes = std::size_t{across.axis.outputs} * 3;
  byte_buffer square(std::size_t{spec.crop} * spec.crop * 3, 0); // what the image does not reach is black
  for (std::uint32_t y = 0; y < down.axis.outputs; ++y) {
    const std::size_t first = rows.first[y] - rows.source_begin();
    const std::size_t at = (std::size_t{down.offset + y} * spec.crop + across.offset) * 3;
    blend_rows({resized.data() + first * row_bytes, row_bytes, rows.used[y]}, rows.weights_of(y),
               square.data() + at);
  }
  return square;
}

} // namespace trainyard
