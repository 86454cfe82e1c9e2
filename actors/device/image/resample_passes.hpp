// The two passes of a separable resize over 8-bit RGB rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "actors/device/image/resample_filter.hpp"

namespace trainyard {

/// `source` is one whole row of RGB pixels; `target` gets one RGB pixel per output of the filter; `scratch`
/// has room for 4 x (pixels from source_begin to source_end) + 8 bytes.
void resample_row(const std::uint8_t* source, const resample_filter& filter, std::uint8_t* scratch,
                  std::uint8_t* target);

struct row_block {
  const std::uint8_t* rows = nullptr; ///< the first of the rows that are blended
  std::size_t row_bytes = 0;
  std::uint32_t count = 0; ///< of rows
};

/// Blends the block into one row, one weight per row.
void blend_rows(const row_block& block, const std::int32_t* weights, std::uint8_t* target);

/// A sum of pixels times weights, rounded and clamped as Pillow does it.
[[nodiscard]] inline std::uint8_t to_pixel(std::int32_t sum) {
  constexpr std::int32_t half = 1 << (resample_filter::precision_bits - 1);
  return static_cast<std::uint8_t>(std::clamp((sum + half) >> resample_filter::precision_bits, 0, 255));
}

} // namespace trainyard
