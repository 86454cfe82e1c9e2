// Vectors of one space are of length 1.
#pragma once

#include <cmath>
#include <span>

namespace trainyard {

/// Scales `row` to length 1; false, and nothing done, when it has no direction or is not finite.
[[nodiscard]] inline bool scale_to_unit_length(std::span<float> row) {
  double sum = 0;
  for (const float value : row)
    sum += static_cast<double>(value) * value;
  const double norm = std::sqrt(sum);
  if (!std::isfinite(norm) || norm < 1e-12)
    return false;
  for (float& value : row)
    value = static_cast<float>(value / norm);
  return true;
}

} // namespace trainyard
