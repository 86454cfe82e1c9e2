// The JSON header of a safetensors file as untrusted text: its form, not yet its numbers.
#pragma once

#include <string_view>

#include "actors/device/model/safetensors.hpp"

namespace trainyard {

inline constexpr std::size_t most_header_bytes = 16U << 20;

/// Accepts one object of tensors {dtype, shape, data_offsets} and an optional __metadata__ of texts; refuses
/// anything else, duplicate keys and deeper nesting. Offsets are as written, unchecked.
[[nodiscard]] result<safetensors_contents> parse_safetensors_header(std::string_view json);

/// Bytes of one element; 0 for a type that is not known.
[[nodiscard]] std::uint64_t element_bytes(std::string_view dtype) noexcept;

/// A name from the file for a message: in quotes, bounded, without control characters, which a terminal
/// obeys.
[[nodiscard]] std::string in_quotes(std::string_view name);

/// Every refusal of a model file in one form.
[[nodiscard]] inline tl::unexpected<failure> refuse_tensors(std::string why) {
  return fail(failure_kind::model_invalid, "safetensors: " + std::move(why),
              "download or convert the model again");
}

} // namespace trainyard
