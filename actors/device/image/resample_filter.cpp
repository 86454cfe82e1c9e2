// The weights, step by step in the arithmetic of Pillow's Resample.c: same doubles, same rounding.
#include "actors/device/image/resample_filter.hpp"

#include <algorithm>
#include <cmath>

namespace trainyard {
namespace {

double bicubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1.0)
    return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0)
    return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

double bilinear(double x) {
  return std::max(1.0 - std::abs(x), 0.0);
}

/// A filter's curve and how far it reaches, in pixels of the smaller grid.
struct kernel {
  double (*weight)(double);
  double support;
};
kernel kernel_of(interpolation by) {
  return by == interpolation::bilinear ? kernel{bilinear, 1.0} : kernel{bicubic, 2.0};
}

std::int32_t to_fixed(double weight) {
  const double scaled = weight * (1 << resample_filter::precision_bits);
  return static_cast<std::int32_t>(weight < 0 ? scaled - 0.5 : scaled + 0.5);
}

} // namespace

resample_filter make_filter(const resize_axis& axis, interpolation by) {
  const auto curve = kernel_of(by);
  const double scale = static_cast<double>(axis.source) / static_cast<double>(axis.target);
  const double stretch = std::max(scale, 1.0);
  const double support = curve.support * stretch;
  resample_filter filter;
  filter.taps = static_cast<std::uint32_t>(std::ceil(support)) * 2 + 2;
  filter.weights.resize(std::size_t{axis.outputs} * filter.taps);
  std::vector<double> raw(filter.taps);
  for (std::uint32_t output = 0; output < axis.outputs; ++output) {
    const double centre = (static_cast<double>(axis.first_output + output) + 0.5) * scale;
    const auto begin = static_cast<std::int64_t>(std::max(centre - support + 0.5, 0.0));
    const auto end = std::min<std::int64_t>(static_cast<std::int64_t>(centre + support + 0.5), axis.source);
    double sum = 0;
    for (std::int64_t x = begin; x < end; ++x) {
      raw[static_cast<std::size_t>(x - begin)] =
          curve.weight((static_cast<double>(x) - centre + 0.5) / stretch);
      sum += raw[static_cast<std::size_t>(x - begin)];
    }
    filter.first.push_back(static_cast<std::uint32_t>(begin));
    filter.used.push_back(static_cast<std::uint32_t>(end - begin));
    for (std::int64_t x = 0; x < end - begin; ++x)
      filter.weights[std::size_t{output} * filter.taps + static_cast<std::size_t>(x)] =
          to_fixed(raw[static_cast<std::size_t>(x)] / sum);
  }
  return filter;
}

} // namespace trainyard
