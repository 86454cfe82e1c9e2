// One matrix product with its bias, and what follows it folded in, by the fastest kernel that this device
// has.
#pragma once

#include <cstdint>
#include <memory>

#include "actors/device/model/network.hpp"

namespace trainyard {

enum class post_op : std::uint8_t { none, gelu, gelu_tanh, swish };

/// Immutable and shared by copies; any thread, several at once.
class linear {
public:
  /// `weight` is out x in and `bias` out (or undefined), both of any precision on the CPU. With
  /// placement.fused, which needs fused_products_exist() and a CPU, the weight is packed.
  linear(const at::Tensor& weight, const at::Tensor& bias, const network_placement& placement,
         std::int64_t usual_rows, post_op after = post_op::none);

  /// rows x in to rows x out.
  [[nodiscard]] at::Tensor run(const at::Tensor& x) const;
  /// run(x) added to `sum`, which stays as it is. Only without a post_op.
  [[nodiscard]] at::Tensor run_onto(const at::Tensor& sum, const at::Tensor& x) const;

private:
  struct state;
  std::shared_ptr<const state> state_;
};

/// Whether this LibTorch has oneDNN's packed products, in the very form that we call.
[[nodiscard]] bool fused_products_exist();

} // namespace trainyard
