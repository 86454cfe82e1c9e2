// What a device actor knows of a network: images in, normalised vectors out. Torch-free.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "actors/device/prepared_image.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct model_identity {
  std::string name;
  std::string space_id; ///< 16 hex digits of a hash over weights, preprocessing and normalisation
  std::uint32_t dim = 0;
  std::string precision = "fp32";
  image_spec image;
  std::string weights_sha256{}; ///< of the weights file, 64 hex digits
};

/// Owned and called by one thread (the device's). Holds the weights on its device; frees all of it when
/// destroyed.
class embedding_model {
public:
  virtual ~embedding_model() = default;
  [[nodiscard]] virtual const model_identity& identity() const noexcept = 0;
  /// One forward pass. `images` are 1..micro-batch of identity().image.crop sized pixels; returns
  /// images.size() x dim floats in C order on the host, each row of L2 norm 1. Nothing of the pass stays on
  /// the device afterwards. device_out_of_memory when the device has no room, vector_invalid when a row is
  /// not finite or zero, forward_failed for everything else.
  [[nodiscard]] virtual result<std::vector<float>> embed(std::span<const prepared_image> images) = 0;
  /// How many images run through the network at once; embed() of more makes several passes.
  [[nodiscard]] virtual std::size_t images_per_pass() const noexcept { return 1; }
};

} // namespace trainyard
