// One convolution with its bias and activation folded in, run by the fastest kernel that this device offers.
#pragma once

#include <cstdint>
#include <memory>

namespace at {
class Tensor;
}

namespace trainyard {

struct convolution_plan {
  std::int64_t stride = 1;
  std::int64_t groups = 1;
  std::int64_t pad_before = 0; ///< rows above and columns to the left
  std::int64_t pad_after = 0;  ///< may differ by one: TensorFlow's "same"
  bool relu6 = false;
  std::int64_t input_side = 0; ///< with `images` the shape that weights are packed for; others work too
  std::int64_t images = 1;
};

/// Immutable and shared by copies; run() may be called from several threads at once.
class convolution {
public:
  /// `weight` is out x in/groups x k x k. `fused` needs fused_convolutions_exist() and weights on the CPU.
  convolution(const convolution_plan& plan, const at::Tensor& weight, const at::Tensor& bias, bool fused);

  [[nodiscard]] at::Tensor run(const at::Tensor& x) const;
  /// run(x) added to `sum`, which it may write to, and returns.
  [[nodiscard]] at::Tensor run_onto(at::Tensor& sum, const at::Tensor& x) const;

private:
  struct state;
  std::shared_ptr<const state> state_;
};

/// Whether this LibTorch has oneDNN's convolutions with fused activation, in the very form that we call.
[[nodiscard]] bool fused_convolutions_exist();

} // namespace trainyard
