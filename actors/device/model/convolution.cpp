// Two ways: at::conv2d anywhere, and oneDNN's private fused operators (found by name, or not used at all).
#include "actors/device/model/convolution.hpp"

#include <array>
#include <optional>
#include <string_view>

#include <ATen/core/List.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>

#include "actors/device/model/fused_operators.hpp"

namespace trainyard {
namespace {

using sides = at::IntArrayRef;
using bias_argument = const std::optional<at::Tensor>&;
using scalars = c10::List<std::optional<at::Scalar>>;
using text_argument = std::optional<std::string_view>;
using run_signature = at::Tensor(const at::Tensor&, const at::Tensor&, bias_argument, sides, sides, sides,
                                 std::int64_t, std::string_view, scalars, text_argument);
using add_signature = at::Tensor&(at::Tensor&, const at::Tensor&, const at::Tensor&, bias_argument, sides,
                                  sides, sides, std::int64_t, std::string_view, std::optional<at::Scalar>,
                                  text_argument, scalars, text_argument);
using pack_signature = at::Tensor(const at::Tensor&, sides, sides, sides, std::int64_t,
                                  at::OptionalIntArrayRef);

using operators_here = fused_operators<run_signature, add_signature, pack_signature>;

const std::optional<operators_here>& operators() {
  static const auto found = operators_here::find({"mkldnn::_convolution_pointwise", ""},
                                                 {"mkldnn::_convolution_pointwise_", "binary"},
                                                 {"mkldnn::_reorder_convolution_weight", ""});
  return found;
}

constexpr std::array<std::int64_t, 2> no_dilation{1, 1};

std::array<std::int64_t, 2> both(std::int64_t side) {
  return {side, side};
}

} // namespace

bool fused_convolutions_exist() {
  return operators().has_value();
}

struct convolution::state {
  convolution_plan plan;
  at::Tensor weight;
  at::Tensor bias;
  bool fused = false;
};

convolution::convolution(const convolution_plan& plan, const at::Tensor& weight, const at::Tensor& bias,
                         bool fused) {
  auto made = std::make_shared<state>(
      state{plan, weight.contiguous(at::MemoryFormat::ChannelsLast), bias.contiguous(), fused});
  if (fused) {
    // oneDNN pads both sides alike here. A leading row and column of zeros in the kernel shift its grid by
    // one, which is exact and spares a copy of the layer's input.
    if (plan.pad_after == plan.pad_before + 1) {
      made->weight = at::constant_pad_nd(weight, {1, 0, 1, 0}).contiguous(at::MemoryFormat::ChannelsLast);
      made->plan.pad_before = plan.pad_after;
    }
    const std::array<std::int64_t, 4> input{plan.images, weight.size(1) * plan.groups, plan.input_side,
                                            plan.input_side};
    made->weight = operators()->pack.call(made->weight, both(made->plan.pad_before), both(plan.stride),
                                          no_dilation, plan.groups, at::OptionalIntArrayRef(input));
  }
  state_ = std::move(made);
}

at::Tensor convolution::run(const at::Tensor& x) const {
  const auto& [plan, weight, bias, fused] = *state_;
  if (fused)
    return operators()->run.call(x, weight, bias, both(plan.pad_before), both(plan.stride), no_dilation,
                                 plan.groups, plan.relu6 ? "hardtanh" : "none",
                                 plan.relu6 ? scalars({at::Scalar(0.0), at::Scalar(6.0)}) : scalars(), "");
  const bool even = plan.pad_before == plan.pad_after;
  const std::array<std::int64_t, 4> around{plan.pad_before, plan.pad_after, plan.pad_before, plan.pad_after};
  auto y = at::conv2d(even ? x : at::constant_pad_nd(x, around), weight, bias, both(plan.stride),
                      both(even ? plan.pad_before : 0), no_dilation, plan.groups);
  return plan.relu6 ? y.clamp_(0, 6) : y;
}

at::Tensor convolution::run_onto(at::Tensor& sum, const at::Tensor& x) const {
  const auto& [plan, weight, bias, fused] = *state_;
  if (!fused || plan.relu6)
    return sum.add_(run(x));
  return operators()->add.call(sum, x, weight, bias, both(plan.pad_before), both(plan.stride), no_dilation,
                               plan.groups, "add", at::Scalar(1.0), std::nullopt, scalars(), std::nullopt);
}

} // namespace trainyard
