// Whether a device may have work: it must embed the golden images as the reference does.
#pragma once

#include <cstddef>
#include <functional>

#include "actors/device/model/golden_set.hpp"

namespace trainyard {

/// Between what rounding does and what would spoil a search. Worst golden image of EfficientNet-Lite0: fp32
/// on other kernels above 0.9999999, fp16 (and TF32, which rounds alike) above 0.9999; bf16 0.997, whose
/// photos fall to 0.996; one pixel of shift 0.96, swapped channels 0.86.
inline constexpr double least_admitted_cosine = 0.999;

struct admission_outcome {
  double least_cosine = 1;
  std::size_t worst = 0; ///< number of the image that has it
};

/// On the model's own thread, at every start of the device; blocks for the forward passes of the golden
/// images, `most_images` (at least 1, at most the model's micro-batch) at a time, with `after_pass` after
/// each, when its tensors are gone. device_not_admitted when a cosine is below least_admitted_cosine,
/// vector_invalid for a row that is not finite, model_invalid for a set that is not this model's; failures of
/// embed() pass through with their own kind.
[[nodiscard]] result<admission_outcome> admit(
    embedding_model& model, const golden_set& golden, std::size_t most_images,
    const std::function<void()>& after_pass = [] {});

} // namespace trainyard
