// The golden images: what every device embeds before it gets work. The same numbers as ops/golden_images.py.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/device/prepared_image.hpp"

namespace trainyard {

/// Eight images of side x side pixels, `side` >= 32, named "golden/0" to "golden/7". Computed in integers, so
/// the same everywhere. Together they hold what a broken kernel, a swapped channel or a coarse precision
/// would change: flat colour, slow and fast ramps, edges and texture at every scale, an object.
[[nodiscard]] std::vector<prepared_image> golden_images(std::uint32_t side);

/// What image `number` of a golden set is called in messages.
[[nodiscard]] std::string golden_name(std::size_t number);

} // namespace trainyard
