// A byte is exact in every precision, so the mean and the deviation lose nothing on their way into the
// weights.
#include "actors/device/model/transformer/patch_embedding.hpp"

#include <cstring>

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/_upsample_bicubic2d_aa.h>
#include <ATen/ops/add.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/upsample_bicubic2d.h>
#include <ATen/ops/zeros.h>

#include "actors/device/memory/torch_device.hpp"
#include "actors/device/model/scalar_type.hpp"
#include "actors/device/model/transformer/linear.hpp"
#include "actors/device/model/transformer/tower_weights.hpp"

namespace trainyard {
namespace {

/// fp16 has too little range for weights that take bytes.
double input_scale(const network_placement& placement) {
  return placement.precision == "fp16" ? 256.0 : 1.0;
}

at::Tensor per_channel(const std::array<double, 3>& values) {
  auto channels = at::empty({3}, at::TensorOptions(at::kDouble));
  std::memcpy(channels.mutable_data_ptr<double>(), values.data(), sizeof values);
  return channels;
}

/// width x (patch * patch * 3) for bytes in the order of an image's rows; what the means add is in the bias.
affine folded(const tower_plan& plan, const weight_map& weights, const network_placement& placement) {
  std::array<double, 3> scale{};
  std::array<double, 3> shift{};
  for (std::size_t i = 0; i < 3; ++i) {
    scale[i] = input_scale(placement) / (255 * static_cast<double>(placement.image.deviation[i]));
    shift[i] = -static_cast<double>(placement.image.mean[i]) / placement.image.deviation[i];
  }
  const auto original = affine_of(weights, plan.patch_embedding);
  const auto pixels_last = original.weight.to(at::kDouble).permute({0, 2, 3, 1});
  auto bias = (pixels_last * per_channel(shift)).sum({1, 2, 3});
  if (original.bias.defined())
    bias = bias + original.bias.to(at::kDouble);
  return {(pixels_last * per_channel(scale)).reshape({pixels_last.size(0), -1}), bias};
}

/// Stored for a grid of one size and used for another, as DINOv2 does it.
at::Tensor resized(const at::Tensor& positions, const tower_plan& plan, std::int64_t grid) {
  const std::int64_t stored = plan.grid();
  if (grid == stored)
    return positions;
  const auto square = positions.view({1, stored, stored, -1}).permute({0, 3, 1, 2});
  const auto scaled = plan.scaling == position_scaling::bicubic_antialiased
                          ? at::_upsample_bicubic2d_aa(square, {grid, grid}, false)
                          : at::upsample_bicubic2d(square, {grid, grid}, false);
  return scaled.permute({0, 2, 3, 1}).reshape({grid * grid, -1});
}

} // namespace

struct patch_embedding::state {
  c10::Device device;
  c10::ScalarType precision;
  bool shrinks; ///< bytes to 0..1
  std::int64_t patch;
  std::int64_t grid;
  std::int64_t crop;
  linear product;
  at::Tensor first;     ///< first tokens x width, with what positions they have; or undefined
  at::Tensor positions; ///< patches x width
};

patch_embedding::patch_embedding(const tower_plan& plan, const weight_map& weights,
                                 const network_placement& placement) {
  const std::int64_t patch = plan.patch;
  const std::int64_t crop = placement.image.crop;
  const auto grid = crop / patch;
  const auto all = weights.at(plan.positions.name).view({-1, plan.width});
  const std::int64_t with_class = plan.class_token.name.empty() ? 0 : 1;
  std::vector<at::Tensor> first;
  if (with_class == 1)
    first.push_back(weights.at(plan.class_token.name).view({1, plan.width}) + all.narrow(0, 0, 1));
  if (!plan.registers.name.empty())
    first.push_back(weights.at(plan.registers.name).view({-1, plan.width}));
  const auto parts = folded(plan, weights, placement);
  const auto positions = resized(all.narrow(0, with_class, all.size(0) - with_class), plan, grid);
  state_ = std::make_shared<const state>(state{
      to_torch(placement.device), scalar_type_of(placement.precision), placement.precision == "fp16", patch,
      grid, crop, linear(parts.weight, parts.bias, placement, placement.images_per_pass * grid * grid),
      first.empty() ? at::Tensor() : placed(at::cat(first), placement), placed(positions, placement)});
}

at::Tensor patch_embedding::upload(std::span<const prepared_image> images, std::size_t rows) const {
  const auto& s = *state_;
  const auto strip = static_cast<std::size_t>(s.patch * 3); // one row of one patch
  auto bytes = at::empty({static_cast<std::int64_t>(rows) * s.grid * s.grid, s.patch * s.patch * 3},
                         at::TensorOptions(at::kByte));
  auto* next = bytes.mutable_data_ptr<std::uint8_t>();
  const auto* const end = next + bytes.numel();
  for (const auto& image : images)
    for (std::int64_t row = 0; row < s.grid; ++row)
      for (std::int64_t column = 0; column < s.grid; ++column)
        for (std::int64_t y = 0; y < s.patch; ++y, next += strip)
          std::memcpy(next, image.pixels.data() + ((row * s.patch + y) * s.crop + column * s.patch) * 3,
                      strip);
  std::memset(next, 0, static_cast<std::size_t>(end - next));
  auto patches = bytes.to(s.device).to(s.precision);
  return s.shrinks ? patches.mul_(1.0 / 256) : patches;
}

at::Tensor patch_embedding::run(const at::Tensor& patches) const {
  const auto& s = *state_;
  const auto count = s.positions.size(0);
  const auto embedded = s.product.run(patches).view({-1, count, s.positions.size(1)});
  if (!s.first.defined())
    return embedded + s.positions;
  const auto first = s.first.size(0);
  auto tokens = at::empty({embedded.size(0), first + count, embedded.size(2)}, embedded.options());
  tokens.narrow(1, 0, first).copy_(s.first);
  auto rest = tokens.narrow(1, first, count);
  at::add_out(rest, embedded, s.positions);
  return tokens;
}

} // namespace trainyard
