// Sums of pixels times fixed-point weights: the same integers on every processor, so the prepared pixels of
// an image are the same bytes on a Mac and on a Linux box.
#include "actors/device/image/resample_passes.hpp"

#include <cstring>

#include "actors/device/image/resample_avx2.hpp"

namespace trainyard {
namespace {

using bytes8 [[gnu::vector_size(8)]] = std::uint8_t;
using ints8 [[gnu::vector_size(32)]] = std::int32_t;

inline void load(const std::uint8_t* from, ints8& to) {
  bytes8 narrow;
  std::memcpy(&narrow, from, sizeof narrow);
  to = __builtin_convertvector(narrow, ints8);
}

/// RGB to four bytes a pixel. The fourth holds anything: no sum of its lane is ever looked at.
void widen(const std::uint8_t* rgb, std::size_t pixels, std::uint8_t* rgbx) {
  for (std::size_t i = 0; i + 1 < pixels; ++i)
    std::memcpy(rgbx + i * 4, rgb + i * 3, 4);
  std::memcpy(rgbx + (pixels - 1) * 4, rgb + (pixels - 1) * 3, 3);
  std::memset(rgbx + pixels * 4 - 1, 0, 9);
}

// Two pixels per step; an odd last tap meets a weight of zero.
void resample_row_portable(const std::uint8_t* rgbx, const resample_filter& filter, std::uint8_t* target) {
  for (std::size_t output = 0; output < filter.first.size(); ++output) {
    const std::uint8_t* from = rgbx + std::size_t{filter.first[output] - filter.source_begin()} * 4;
    const std::int32_t* weights = filter.weights_of(output);
    ints8 sums{};
    for (std::uint32_t tap = 0; tap < filter.used[output]; tap += 2) {
      ints8 pair;
      load(from + std::size_t{tap} * 4, pair);
      const std::int32_t a = weights[tap];
      const std::int32_t b = weights[tap + 1];
      sums += pair * ints8{a, a, a, a, b, b, b, b};
    }
    for (int channel = 0; channel < 3; ++channel)
      *target++ = to_pixel(sums[channel] + sums[channel + 4]);
  }
}

void blend_rows_portable(const row_block& block, const std::int32_t* weights, std::uint8_t* target) {
  for (std::size_t at = 0; at + 8 <= block.row_bytes; at += 8) {
    ints8 sums{};
    for (std::uint32_t row = 0; row < block.count; ++row) {
      ints8 values;
      load(block.rows + row * block.row_bytes + at, values);
      sums += values * weights[row];
    }
    for (int lane = 0; lane < 8; ++lane)
      target[at + static_cast<std::size_t>(lane)] = to_pixel(sums[lane]);
  }
}

} // namespace

void resample_row(const std::uint8_t* source, const resample_filter& filter, std::uint8_t* scratch,
                  std::uint8_t* target) {
  const std::uint32_t begin = filter.source_begin();
  widen(source + std::size_t{begin} * 3, filter.source_end() - begin, scratch);
  if (has_avx2())
    return resample_row_avx2(scratch, filter, target);
  resample_row_portable(scratch, filter, target);
}

void blend_rows(const row_block& block, const std::int32_t* weights, std::uint8_t* target) {
  if (has_avx2())
    blend_rows_avx2(block, weights, target);
  else
    blend_rows_portable(block, weights, target);
  for (std::size_t at = block.row_bytes / 8 * 8; at < block.row_bytes; ++at) {
    std::int32_t sum = 0;
    for (std::uint32_t row = 0; row < block.count; ++row)
      sum += block.rows[row * block.row_bytes + at] * weights[row];
    target[at] = to_pixel(sum);
  }
}

} // namespace trainyard
