// From decoded images to the network's input tensor: one upload of bytes, normalised on the device.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "actors/device/memory/device_spec.hpp"
#include "actors/device/prepared_image.hpp"

namespace at {
class Tensor;
}

namespace trainyard {

struct pixel_frame {
  device_spec device{};
  std::string precision = "fp32";
  image_spec image{};
  std::uint32_t pad_before = 0; ///< zero rows and columns that the first layer wants around the image
  std::uint32_t pad_after = 0;
};

/// Immutable and shared by copies; any thread.
class pixel_batch {
public:
  explicit pixel_batch(const pixel_frame& frame);
  /// rows x 3 x side x side, channels last, in the frame's precision; rows beyond `images` are black. Every
  /// image must hold crop x crop x 3 bytes.
  [[nodiscard]] at::Tensor upload(std::span<const prepared_image> images, std::size_t rows) const;

private:
  struct state;
  std::shared_ptr<const state> state_;
};

} // namespace trainyard
