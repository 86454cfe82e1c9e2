// What the product's decoder does with a file: decode_image and preprocess, as without isolation.
#pragma once

#include "actors/device/isolation/child/decoder_child.hpp"

namespace trainyard {

[[nodiscard]] decoding product_decoding();

} // namespace trainyard
