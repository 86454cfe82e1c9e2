// The bodies that clients send, checked: a new session, a login, nothing.
#pragma once

#include <string>
#include <string_view>

#include "messages/api.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// message_invalid where it is no such JSON object; request_invalid where a value cannot be meant.
[[nodiscard]] result<session_spec> new_session_of(std::string_view body);
[[nodiscard]] result<std::string> token_of(std::string_view body);
/// Empty, or an object without members.
[[nodiscard]] result<void> expect_empty(std::string_view body);
/// Whether `value` stands among `choices`, which have '|' between them.
[[nodiscard]] bool is_choice(std::string_view choices, std::string_view value);

} // namespace trainyard
