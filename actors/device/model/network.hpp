// A network on a device: prepared images in, features out. Which one it is, architectures.hpp knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "actors/device/memory/device_spec.hpp"
#include "actors/device/prepared_image.hpp"

namespace at {
class Tensor;
}

namespace trainyard {

struct network_placement {
  device_spec device{};
  std::string precision = "fp32"; ///< resolved: "fp32", "bf16" or "fp16"
  image_spec image{};
  std::uint32_t images_per_pass = 4; ///< the shape that kernels are tuned for
  bool fused = true;                 ///< try the fused kernels where there are any
};

/// Immutable: lanes share one, each calling from its own thread inside an InferenceMode of its own.
class network {
public:
  virtual ~network() = default;
  /// The input of features() on the device, of `rows` >= images.size() images; those beyond `images` are
  /// black. Every image must hold crop x crop x 3 bytes.
  [[nodiscard]] virtual at::Tensor upload(std::span<const prepared_image> images, std::size_t rows) const = 0;
  /// rows x dim in fp32 on the device, not yet normalised.
  [[nodiscard]] virtual at::Tensor features(const at::Tensor& uploaded) const = 0;
  /// Whether the fused kernels are in use; they are not when they are absent or disagreed with the plain
  /// ones.
  [[nodiscard]] virtual bool fused() const noexcept = 0;
};

} // namespace trainyard
