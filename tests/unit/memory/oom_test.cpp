// Out of memory is told from other errors, whatever throws it.
#include "actors/device/memory/oom.hpp"

#include <new>
#include <stdexcept>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <c10/util/Exception.h>
#include <gtest/gtest.h>

namespace trainyard {
namespace {

TEST(oom, types_are_enough) {
  EXPECT_TRUE(is_out_of_memory(std::bad_alloc()));
  EXPECT_TRUE(is_out_of_memory(c10::OutOfMemoryError({}, "nothing telling")));
}

TEST(oom, every_known_text_is_recognised_in_any_case) {
  for (const auto* text :
       {"CUDA out of memory. Tried to allocate 2.00 GiB", "MPS backend out of memory (MPS allocated: 1 GB)",
        "Invalid buffer size: 12.00 GiB", "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
        "CUBLAS_STATUS_ALLOC_FAILED",
        "DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes",
        "DefaultCPUAllocator: not enough memory", "UR_RESULT_ERROR_OUT_OF_DEVICE_MEMORY",
        "kIOGPUCommandBufferCallbackErrorOutOfMemory", "HIP error: hipErrorOutOfMemory",
        "mmap: Cannot allocate memory"}) {
    EXPECT_TRUE(is_out_of_memory(std::runtime_error(text))) << text;
    EXPECT_TRUE(is_out_of_memory(c10::Error({}, text))) << text;
  }
}

TEST(oom, other_errors_are_not) {
  for (const auto* text :
       {"", "CUDA error: device-side assert triggered", "an illegal memory access was encountered",
        "Expected all tensors to be on the same device", "out of range", "memory format"})
    EXPECT_FALSE(is_out_of_memory(std::runtime_error(text))) << text;
  EXPECT_FALSE(is_out_of_memory(std::out_of_range("x")));
}

TEST(oom, a_real_allocation_that_fails_is_recognised) {
  try {
    (void)at::empty({std::int64_t{1} << 50}, at::TensorOptions(at::kFloat));
    FAIL() << "no system has 4 PiB to give";
  } catch (const std::exception& error) {
    EXPECT_TRUE(is_out_of_memory(error)) << error.what();
  }
}

} // namespace
} // namespace trainyard
