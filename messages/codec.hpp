// Wire structs to msgpack or JSON and back; bad input is a failure that names the field, never a throw or a
// big allocation.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "messages/failure.hpp"
#include "messages/fields.hpp"
#include "messages/json_codec.hpp"
#include "messages/msgpack_codec.hpp"

namespace trainyard {

/// The coding of a payload: what starts with '{' is JSON, all else msgpack.
[[nodiscard]] inline bool is_json(std::span<const std::byte> payload) {
  return !payload.empty() && payload.front() == std::byte{'{'};
}

/// Decodes either coding. failure_kind::message_invalid with the field's name when a required field is
/// missing, has another type, or a limit of msgpack_codec.hpp or json_codec.hpp is passed. Unknown fields are
/// ignored.
template <wire_struct T>
[[nodiscard]] result<T> decode(std::span<const std::byte> payload) {
  return is_json(payload) ? from_json_text<T>(payload) : from_msgpack<T>(payload);
}

} // namespace trainyard
