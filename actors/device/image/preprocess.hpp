// From an image of any size to the network's square: PIL's resize, then a centre crop or none.
#pragma once

#include <cstdint>

#include "actors/device/image/rgb_image.hpp"
#include "actors/device/prepared_image.hpp"

namespace trainyard {

/// crop x crop x 3, RGB, row major, bit for bit what PIL gives for
///   resize((int(w * s), int(h * s)), filter), then crop at floored (or torchvision's) offsets
/// and, for image_fit::squash, for resize((crop, crop), filter)
/// (black where the crop is larger than the resized image, as PIL pads). Only pixels that the crop shows are
/// computed, so memory follows the crop and the source, not the aspect ratio. Throws std::bad_alloc only.
[[nodiscard]] byte_buffer preprocess(const rgb_image& image, const image_spec& spec);

} // namespace trainyard
