// Two ways: at::linear anywhere, and oneDNN's private products (found by name, or not used at all).
#include "actors/device/model/transformer/linear.hpp"

#include <optional>
#include <string_view>

#include <ATen/core/List.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/silu.h>

#include "actors/device/memory/torch_device.hpp"
#include "actors/device/model/fused_operators.hpp"
#include "actors/device/model/scalar_type.hpp"

namespace trainyard {
namespace {

using bias_argument = const std::optional<at::Tensor>&;
using scalars = c10::List<std::optional<at::Scalar>>;
using run_signature = at::Tensor(const at::Tensor&, const at::Tensor&, bias_argument, std::string_view,
                                 scalars, std::optional<std::string_view>);
using add_signature = at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&, bias_argument,
                                 std::string_view);
using pack_signature = at::Tensor(const at::Tensor&, std::optional<c10::SymInt>);

using operators_here = fused_operators<run_signature, add_signature, pack_signature>;

const std::optional<operators_here>& operators() {
  static const auto found =
      operators_here::find({"mkldnn::_linear_pointwise", ""}, {"mkldnn::_linear_pointwise", "binary"},
                           {"mkldnn::_reorder_linear_weight", ""});
  return found;
}

std::string_view attribute_of(post_op after) {
  return after == post_op::none ? "none" : after == post_op::swish ? "swish" : "gelu";
}

std::optional<std::string_view> algorithm_of(post_op after) {
  if (after == post_op::gelu)
    return "none";
  if (after == post_op::gelu_tanh)
    return "tanh";
  return "";
}

} // namespace

bool fused_products_exist() {
  return operators().has_value();
}

struct linear::state {
  at::Tensor weight;
  std::optional<at::Tensor> bias;
  post_op after;
  bool fused;
};

linear::linear(const at::Tensor& weight, const at::Tensor& bias, const network_placement& placement,
               std::int64_t usual_rows, post_op after) {
  const auto options =
      at::TensorOptions(to_torch(placement.device)).dtype(scalar_type_of(placement.precision));
  auto placed = weight.to(options).contiguous();
  if (placement.fused)
    placed = operators()->pack.call(placed, c10::SymInt(usual_rows));
  state_ = std::make_shared<const state>(
      state{std::move(placed), bias.defined() ? std::optional(bias.to(options).contiguous()) : std::nullopt,
            after, placement.fused});
}

at::Tensor linear::run(const at::Tensor& x) const {
  const auto& [weight, bias, after, fused] = *state_;
  if (fused)
    return operators()->run.call(x, weight, bias, attribute_of(after), scalars(), algorithm_of(after));
  auto y = at::linear(x, weight, bias);
  if (after == post_op::swish)
    at::silu_(y);
  else if (after != post_op::none)
    at::gelu_(y, after == post_op::gelu_tanh ? "tanh" : "none");
  return y;
}

at::Tensor linear::run_onto(const at::Tensor& sum, const at::Tensor& x) const {
  const auto& [weight, bias, after, fused] = *state_;
  if (fused)
    return operators()->add.call(x, sum, weight, bias, "add");
  return at::linear(x, weight, bias).add_(sum);
}

} // namespace trainyard
