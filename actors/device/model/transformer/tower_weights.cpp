// Folding is done in double precision, so that it costs no accuracy that anybody could measure.
#include "actors/device/model/transformer/tower_weights.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/zeros.h>

#include "actors/device/memory/torch_device.hpp"
#include "actors/device/model/scalar_type.hpp"

namespace trainyard {

at::Tensor placed(const at::Tensor& x, const network_placement& placement) {
  return x.to(at::TensorOptions(to_torch(placement.device)).dtype(scalar_type_of(placement.precision)))
      .contiguous();
}

affine affine_of(const weight_map& weights, const affine_names& names) {
  return {weights.at(names.weight), names.bias.empty() ? at::Tensor() : weights.at(names.bias)};
}

affine joined(const std::vector<affine>& parts) {
  std::vector<at::Tensor> all;
  std::vector<at::Tensor> biases;
  bool has_bias = false;
  for (const auto& part : parts) {
    all.push_back(part.weight);
    biases.push_back(part.bias.defined() ? part.bias
                                         : at::zeros({part.weight.size(0)}, part.weight.options()));
    has_bias = has_bias || part.bias.defined();
  }
  return {at::cat(all), has_bias ? at::cat(biases) : at::Tensor()};
}

affine rows_of(const affine& whole, std::int64_t first, std::int64_t count) {
  return {whole.weight.narrow(0, first, count),
          whole.bias.defined() ? whole.bias.narrow(0, first, count) : at::Tensor()};
}

affine scaled(const affine& of, const at::Tensor& factor) {
  const auto by = factor.to(at::kDouble);
  return {of.weight.to(at::kDouble) * by.unsqueeze(-1),
          of.bias.defined() ? of.bias.to(at::kDouble) * by : at::Tensor()};
}

layer_norm::layer_norm(const weight_map& weights, const affine_names& names, double epsilon,
                       const network_placement& placement)
    : weight_(placed(weights.at(names.weight), placement)), bias_(placed(weights.at(names.bias), placement)),
      epsilon_(epsilon) {}

at::Tensor layer_norm::run(const at::Tensor& x) const {
  return at::layer_norm(x, {x.size(-1)}, weight_, bias_, epsilon_);
}

} // namespace trainyard
