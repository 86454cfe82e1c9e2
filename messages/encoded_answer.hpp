// An answer or a refusal in the coding of the request.
#pragma once

#include <span>
#include <vector>

#include "messages/api.hpp"
#include "messages/codec.hpp"

namespace trainyard {

template <wire_struct T>
[[nodiscard]] std::vector<std::byte> encoded_answer(const T& value, bool as_json) {
  if (!as_json)
    return to_msgpack(value);
  const auto text = to_json_text(value);
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

[[nodiscard]] inline std::vector<std::byte> encoded_refusal(const failure& why, bool as_json) {
  return encoded_answer(error_reply{wire_schema, {code_of(why.kind), why.cause, why.remedy}}, as_json);
}

template <wire_struct T>
[[nodiscard]] std::vector<std::byte> encoded_answer(const result<T>& answer, bool as_json) {
  return answer ? encoded_answer(*answer, as_json) : encoded_refusal(answer.error(), as_json);
}

} // namespace trainyard
