// Whole images are copied and normalised as vectors: scale and shift are planes as large as an image, so that
// no kernel has to stride over three channels at a time.
#include "actors/device/model/pixel_batch.hpp"

#include <cstring>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include "actors/device/memory/torch_device.hpp"
#include "actors/device/model/scalar_type.hpp"

namespace trainyard {
namespace {

at::Tensor plane_of(std::array<float, 3> channels, std::int64_t side, c10::Device device) {
  auto pixel = at::empty({3}, at::TensorOptions(at::kFloat));
  std::memcpy(pixel.mutable_data_ptr<float>(), channels.data(), sizeof channels);
  return pixel.expand({side, side, 3}).contiguous().to(device);
}

} // namespace

struct pixel_batch::state {
  c10::Device device;
  c10::ScalarType precision;
  std::int64_t crop;
  std::int64_t pad_before;
  std::int64_t side;
  at::Tensor scale;
  at::Tensor shift;
};

pixel_batch::pixel_batch(const pixel_frame& frame) {
  std::array<float, 3> scale{};
  std::array<float, 3> shift{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double deviation = frame.image.deviation[i];
    scale[i] = static_cast<float>(1 / (255 * deviation));
    shift[i] = static_cast<float>(-frame.image.mean[i] / deviation);
  }
  const auto device = to_torch(frame.device);
  const std::int64_t crop = frame.image.crop;
  state_ = std::make_shared<const state>(state{device, scalar_type_of(frame.precision), crop,
                                               frame.pad_before, crop + frame.pad_before + frame.pad_after,
                                               plane_of(scale, crop, device), plane_of(shift, crop, device)});
}

at::Tensor pixel_batch::upload(std::span<const prepared_image> images, std::size_t rows) const {
  const auto& s = *state_;
  const auto count = static_cast<std::int64_t>(rows);
  auto bytes = at::empty({count, s.crop, s.crop, 3}, at::TensorOptions(at::kByte));
  auto* next = bytes.mutable_data_ptr<std::uint8_t>();
  for (const auto& image : images) {
    std::memcpy(next, image.pixels.data(), image.pixels.size());
    next += image.pixels.size();
  }
  const auto padding =
      static_cast<std::size_t>(bytes.mutable_data_ptr<std::uint8_t>() + bytes.numel() - next);
  std::memset(next, 0, padding);

  auto framed = at::zeros({count, s.side, s.side, 3}, at::TensorOptions(at::kFloat).device(s.device));
  auto inner = framed.narrow(1, s.pad_before, s.crop).narrow(2, s.pad_before, s.crop);
  inner.copy_(bytes.to(s.device));
  inner.mul_(s.scale).add_(s.shift);
  return framed.to(s.precision).permute({0, 3, 1, 2});
}

} // namespace trainyard
