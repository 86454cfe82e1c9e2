// From an image of any size to the network's square: PIL's bicubic resize of the shorter side, centre crop.
#pragma once

#include <cstdint>
#include <vector>

#include "actors/device/image/rgb_image.hpp"
#include "actors/device/prepared_image.hpp"

namespace trainyard {

/// crop x crop x 3, RGB, row major, bit for bit what PIL gives for
///   resize((int(w * s), int(h * s)), BICUBIC), then crop with floored offsets
/// (black where the crop is larger than the resized image, as PIL pads). Only pixels that the crop shows are
/// computed, so memory follows the crop and the source, not the aspect ratio. Throws std::bad_alloc only.
[[nodiscard]] std::vector<std::uint8_t> preprocess(const rgb_image& image, const image_spec& spec);

} // namespace trainyard
