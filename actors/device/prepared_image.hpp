// One image between decoding and the forward pass: pixels as the network wants them, and what the ledger
// records.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "actors/device/image/large_block.hpp"

namespace trainyard {

enum class image_fit : std::uint8_t {
  shorter_side, ///< aspect kept, centre crop
  squash,       ///< width and height each to the crop's side
};
enum class interpolation : std::uint8_t { bicubic, bilinear }; ///< antialiased, as PIL does them
/// Where the odd pixel goes when a centre crop cannot lie in the middle.
enum class crop_offset : std::uint8_t {
  rounded_down,
  half_to_even, ///< torchvision's round((side - crop) / 2), which open_clip uses
};

/// What a network wants of the preprocessing; part of the embedding space's identity (space_id).
struct image_spec {
  std::uint32_t resize = 224; ///< shortest side after the resize, pixels; the crop's side when squashed
  std::uint32_t crop = 224;   ///< side of the centre crop, pixels
  std::array<float, 3> mean{0.485F, 0.456F, 0.406F}; ///< RGB, of values scaled to 0..1
  std::array<float, 3> deviation{0.229F, 0.224F, 0.225F};
  image_fit fit = image_fit::shorter_side;
  interpolation filter = interpolation::bicubic;
  crop_offset offset = crop_offset::rounded_down;
};

struct prepared_image {
  std::string path;        ///< relative to its root
  byte_buffer pixels;      ///< crop x crop x 3, RGB, row major, not yet normalised; beside the heap
  std::uint32_t width = 0; ///< of the file's image, pixels
  std::uint32_t height = 0;
  std::uint64_t bytes = 0;
  std::array<std::byte, 32> sha256{}; ///< of the file's content
  std::int64_t mtime_ns = 0;          ///< of the file, when it was read
};

} // namespace trainyard
