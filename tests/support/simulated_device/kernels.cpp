// Kernels of the simulated device: factories, copies and views of its own; all else runs on the CPU, in
// place, on aliases of the device's memory.
#include <cstdlib>

#include <ATen/EmptyTensor.h>
#include <ATen/core/Tensor.h>
#include <ATen/native/CPUFallback.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/convolution.h>
#include <ATen/ops/empty_strided.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/resize_native.h>
#include <ATen/ops/set_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/DeviceGuard.h>
#include <torch/library.h>

#include "tests/support/simulated_device/pools.hpp"

namespace trainyard::testing {
namespace {

constexpr c10::DispatchKeySet device_keys(c10::DispatchKey::PrivateUse1);

c10::Allocator* allocator() {
  return c10::GetAllocator(c10::DeviceType::PrivateUse1);
}

/// The same bytes as a CPU tensor; valid while `tensor` is.
at::Tensor on_host(const at::Tensor& tensor) {
  if (!tensor.is_privateuseone())
    return tensor;
  const auto options = tensor.options().device(at::kCPU);
  if (tensor.numel() == 0)
    return at::empty_strided(tensor.sizes(), tensor.strides(), options);
  return at::from_blob(tensor.data_ptr(), tensor.sizes(), tensor.strides(), options);
}

at::Tensor on_device(const at::Tensor& host, c10::Device device) {
  const c10::DeviceGuard guard(device);
  const at::Tensor copy = at::detail::empty_strided_generic(host.sizes(), host.strides(), allocator(),
                                                            device_keys, host.scalar_type());
  on_host(copy).copy_(host);
  return copy;
}

at::Tensor empty(at::IntArrayRef size, std::optional<at::ScalarType> dtype, std::optional<at::Layout>,
                 std::optional<at::Device> device, std::optional<bool>,
                 std::optional<at::MemoryFormat> format) {
  const c10::OptionalDeviceGuard guard(device);
  return at::detail::empty_generic(size, allocator(), device_keys, c10::dtype_or_default(dtype), format);
}

at::Tensor empty_strided(at::IntArrayRef size, at::IntArrayRef stride, std::optional<at::ScalarType> dtype,
                         std::optional<at::Layout>, std::optional<at::Device> device, std::optional<bool>) {
  const c10::OptionalDeviceGuard guard(device);
  return at::detail::empty_strided_generic(size, stride, allocator(), device_keys,
                                           c10::dtype_or_default(dtype));
}

/// What a broken device makes of its results on their way to the host.
void spoil(at::Tensor& result, device_fault fault) {
  if (!result.is_floating_point())
    return;
  if (fault == device_fault::nan)
    result.fill_(std::numeric_limits<double>::quiet_NaN());
  else if (fault == device_fault::wrong)
    result.copy_(result.flip({result.dim() - 1}));
}

/// Of pictures as they are uploaded: rows x height x width x 3 bytes.
bool holds_magenta(const at::Tensor& pictures) {
  if (pictures.scalar_type() != at::kByte || pictures.dim() != 4 || pictures.size(3) != 3 ||
      pictures.numel() == 0)
    return false;
  const auto pixels = pictures.contiguous();
  const auto of_one = static_cast<std::size_t>(pixels.numel() / pixels.size(0));
  const auto* next = pixels.const_data_ptr<std::uint8_t>();
  for (std::int64_t row = 0; row < pixels.size(0); ++row, next += of_one) {
    std::size_t i = 0;
    while (i < of_one && next[i] == (i % 3 == 1 ? 0 : 255))
      ++i;
    if (i == of_one)
      return true;
  }
  return false;
}

at::Tensor copy_from(const at::Tensor& from, const at::Tensor& to, bool) {
  const auto& device = from.is_privateuseone() ? from : to;
  const auto fault = pool_of(device.get_device()).settings().fault;
  if (fault == device_fault::lost)
    throw_refusal(device.get_device(), refusal::lost, 0);
  if (fault == device_fault::deadly && to.is_privateuseone() && holds_magenta(on_host(from)))
    std::abort();
  auto target = on_host(to);
  target.copy_(on_host(from));
  if (!to.is_privateuseone())
    spoil(target, fault);
  return to;
}

at::Tensor copy_from_and_resize(const at::Tensor& from, const at::Tensor& to) {
  to.resize_(from.sizes());
  return copy_from(from, to, false);
}

at::Tensor convolve(const at::Tensor& input, const at::Tensor& weight, const std::optional<at::Tensor>& bias,
                    at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation,
                    bool transposed, at::IntArrayRef output_padding, std::int64_t groups) {
  const auto host_bias = bias && bias->defined() ? std::optional(on_host(*bias)) : std::nullopt;
  return on_device(at::convolution(on_host(input), on_host(weight), host_bias, stride, padding, dilation,
                                   transposed, output_padding, groups),
                   input.device());
}

bool shallow_copies_are_compatible(const at::Tensor&, const at::Tensor&) {
  return true;
}

/// Any other operator: device tensors become CPU aliases, the CPU's kernel runs, results move to the device.
/// What an operator wrote into (in place, out=) is the caller's own tensor again.
class host_call {
public:
  explicit host_call(torch::jit::Stack& stack) : stack_(stack) {}

  void arguments_to_host(std::size_t count) {
    for (auto value = stack_.end() - static_cast<std::ptrdiff_t>(count); value != stack_.end(); ++value) {
      if (value->isTensor())
        *value = host_of(value->toTensor());
      else if (value->isTensorList())
        *value = hosts_of(value->toTensorVector());
      else if (value->isDevice() && value->toDevice().is_privateuseone())
        *value = c10::Device(at::kCPU);
    }
  }

  void results_to_device(std::size_t count) {
    for (auto value = stack_.end() - static_cast<std::ptrdiff_t>(count); value != stack_.end(); ++value) {
      if (value->isTensor())
        *value = device_of(value->toTensor());
      else if (value->isTensorList()) {
        auto list = value->toTensorVector();
        for (auto& each : list)
          each = device_of(each);
        *value = std::move(list);
      }
    }
  }

private:
  at::Tensor host_of(const at::Tensor& tensor) {
    if (!tensor.defined() || !tensor.is_privateuseone())
      return tensor;
    device_ = tensor.device();
    auto host = on_host(tensor);
    aliases_.emplace_back(host, tensor);
    return host;
  }
  std::vector<at::Tensor> hosts_of(std::vector<at::Tensor> list) {
    for (auto& each : list)
      each = host_of(each);
    return list;
  }
  at::Tensor device_of(const at::Tensor& host) const {
    if (!host.defined() || !device_)
      return host;
    for (const auto& [alias, original] : aliases_)
      if (host.is_same(alias))
        return original;
    return on_device(host, *device_);
  }

  torch::jit::Stack& stack_;
  std::optional<c10::Device> device_;
  std::vector<std::pair<at::Tensor, at::Tensor>> aliases_;
};

void run_on_host(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  host_call call(*stack);
  call.arguments_to_host(op.schema().arguments().size());
  op.redispatchBoxed(c10::DispatchKeySet(c10::DispatchKey::CPU), stack);
  call.results_to_device(op.schema().returns().size());
}

TORCH_LIBRARY_IMPL(_, PrivateUse1, m) {
  m.fallback(torch::CppFunction::makeFromBoxedFunction<&run_on_host>());
}

TORCH_LIBRARY_IMPL(aten, PrivateUse1, m) {
  m.impl("empty.memory_format", &empty);
  m.impl("empty_strided", &empty_strided);
  m.impl("_copy_from", &copy_from);
  m.impl("_copy_from_and_resize", &copy_from_and_resize);
  m.impl("view", &at::native::view);
  m.impl("as_strided", &at::native::as_strided_tensorimpl);
  m.impl("_reshape_alias", &at::native::_reshape_alias);
  m.impl("resize_", &at::native::resize_);
  m.impl("set_.source_Storage_storage_offset", &at::native::set_storage_cpu_);
  m.impl("convolution_overrideable", &convolve);
  m.impl("_has_compatible_shallow_copy_type", &shallow_copies_are_compatible);
  m.impl("scaled_dot_product_attention", torch::CppFunction::makeFromBoxedFunction<&run_on_host>());
}

} // namespace
} // namespace trainyard::testing
