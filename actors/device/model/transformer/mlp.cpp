// QuickGELU, x * sigmoid(1.702 x), is swish(1.702 x) / 1.702: both factors go into the weights around it.
#include "actors/device/model/transformer/mlp.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/full.h>

namespace trainyard {
namespace {

constexpr double quick_gelu_slope = 1.702;

post_op post_op_of(activation act) {
  return act == activation::gelu        ? post_op::gelu
         : act == activation::gelu_tanh ? post_op::gelu_tanh
                                        : post_op::swish;
}

affine steepened(const affine& in, activation act) {
  return act == activation::quick_gelu ? scaled(in, at::full({1}, quick_gelu_slope, at::kDouble)) : in;
}

at::Tensor flattened(const affine& out, activation act) {
  return act == activation::quick_gelu ? out.weight.to(at::kDouble) / quick_gelu_slope : out.weight;
}

} // namespace

mlp::mlp(const affine& in, const affine& out, activation act, const network_placement& placement,
         std::int64_t usual_rows)
    : in_(steepened(in, act).weight, steepened(in, act).bias, placement, usual_rows, post_op_of(act)),
      out_(flattened(out, act), out.bias, placement, usual_rows) {}

at::Tensor mlp::run_onto(const at::Tensor& sum, const at::Tensor& x) const {
  return out_.run_onto(sum, in_.run(x));
}

} // namespace trainyard
