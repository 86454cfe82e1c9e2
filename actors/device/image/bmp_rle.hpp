// The run-length coding of 8- and 4-bit BMPs.
#pragma once

#include <vector>

#include "actors/device/image/bmp.hpp"

namespace trainyard {

/// width x height palette indices, rows in the file's order; pixels that no run covers are 0. Runs that leave
/// their row are cut off at its end. image_truncated when the data stops before the image is full or declared
/// over.
[[nodiscard]] result<std::vector<std::uint8_t>> read_bmp_runs(byte_view bytes, const bmp_header& header);

} // namespace trainyard
