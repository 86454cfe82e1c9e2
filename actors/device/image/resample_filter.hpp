// Which source pixels each output pixel of a resize is made of, and with what weights.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "actors/device/prepared_image.hpp"

namespace trainyard {

/// One axis of a resize, and the outputs of it that somebody wants.
struct resize_axis {
  std::uint32_t source = 0;       ///< pixels
  std::uint64_t target = 0;       ///< pixels of the whole resized axis
  std::uint64_t first_output = 0; ///< of the wanted window
  std::uint32_t outputs = 0;      ///< in the wanted window
};

/// Weights in the fixed point that Pillow uses for 8-bit images, so that sums round as its sums do.
struct resample_filter {
  static constexpr int precision_bits = 32 - 8 - 2;

  std::uint32_t taps = 0;            ///< weights stored per output, an even number
  std::vector<std::uint32_t> first;  ///< per output: its first source pixel
  std::vector<std::uint32_t> used;   ///< per output: how many source pixels it takes, 1..taps
  std::vector<std::int32_t> weights; ///< outputs x taps, zero beyond `used`

  [[nodiscard]] const std::int32_t* weights_of(std::size_t output) const {
    return weights.data() + output * taps;
  }
  /// The source pixels that any wanted output needs are [source_begin, source_end).
  [[nodiscard]] std::uint32_t source_begin() const { return first.front(); }
  [[nodiscard]] std::uint32_t source_end() const { return first.back() + used.back(); }
};

/// `axis.source`, `axis.target` and `axis.outputs` are at least 1.
[[nodiscard]] resample_filter make_filter(const resize_axis& axis, interpolation by);

} // namespace trainyard
