// "fp32" and its kin as LibTorch's types; for .cpp files of this room that include LibTorch anyway.
#pragma once

#include <string_view>

#include <c10/core/ScalarType.h>

namespace trainyard {

[[nodiscard]] inline c10::ScalarType scalar_type_of(std::string_view precision) {
  return precision == "bf16"   ? c10::ScalarType::BFloat16
         : precision == "fp16" ? c10::ScalarType::Half
                               : c10::ScalarType::Float;
}

} // namespace trainyard
