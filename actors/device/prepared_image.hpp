// One image between decoding and the forward pass: pixels as the network wants them, and what the ledger
// records.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace trainyard {

/// What a network wants of the preprocessing; part of the embedding space's identity (space_id).
struct image_spec {
  std::uint32_t resize = 224; ///< shortest side after the antialiased bicubic resize, pixels
  std::uint32_t crop = 224;   ///< side of the centre crop, pixels
  std::array<float, 3> mean{0.485F, 0.456F, 0.406F}; ///< RGB, of values scaled to 0..1
  std::array<float, 3> deviation{0.229F, 0.224F, 0.225F};
};

struct prepared_image {
  std::string path;                 ///< relative to its root
  std::vector<std::uint8_t> pixels; ///< crop x crop x 3, RGB, row major, not yet normalised
  std::uint32_t width = 0;          ///< of the file's image, pixels
  std::uint32_t height = 0;
  std::uint64_t bytes = 0;
  std::array<std::byte, 32> sha256{}; ///< of the file's content
  std::int64_t mtime_ns = 0;          ///< of the file, when it was read
};

} // namespace trainyard
