// Softmax attention over the tokens of each image or text. For .cpp files of this room, which include
// LibTorch anyway.
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace trainyard {

/// n x tokens x (parts * width) as `parts` views of n x heads x tokens x (width / heads).
[[nodiscard]] std::vector<at::Tensor> split_heads(const at::Tensor& x, std::int64_t parts,
                                                  std::int64_t heads);

/// All of n x heads x tokens x head width; n x queries x width, contiguous. `causal`: query i sees the keys
/// up to i.
[[nodiscard]] at::Tensor attend(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                                bool causal = false);

} // namespace trainyard
