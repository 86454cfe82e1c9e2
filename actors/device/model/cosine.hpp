// How alike two vectors are.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace trainyard {

/// Cosine of the angle between two rows of one length; not a number where one is zero.
[[nodiscard]] inline double cosine(std::span<const float> a, std::span<const float> b) {
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += static_cast<double>(a[i]) * b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

} // namespace trainyard
