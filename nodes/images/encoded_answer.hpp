// An answer or a refusal in the coding of the request.
#pragma once

#include <vector>

#include "messages/api.hpp"
#include "messages/codec.hpp"
#include "nodes/nats/connection.hpp"

namespace trainyard {

template <wire_struct T>
[[nodiscard]] std::vector<std::byte> encoded_answer(const T& value, bool as_json) {
  return as_json ? payload_of(to_json_text(value)) : to_msgpack(value);
}

[[nodiscard]] inline std::vector<std::byte> encoded_refusal(const failure& why, bool as_json) {
  return encoded_answer(error_reply{wire_schema, {code_of(why.kind), why.cause, why.remedy}}, as_json);
}

template <wire_struct T>
[[nodiscard]] std::vector<std::byte> encoded_answer(const result<T>& answer, bool as_json) {
  return answer ? encoded_answer(*answer, as_json) : encoded_refusal(answer.error(), as_json);
}

} // namespace trainyard
