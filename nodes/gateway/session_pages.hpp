// A page of sessions as HTTP has it: a coordinator's, and where the next one begins.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "messages/session_states.hpp"

namespace trainyard {

struct session_page {
  std::int64_t schema = wire_schema;
  std::uint64_t total = 0; ///< in the state asked for
  std::uint64_t offset = 0;
  std::vector<session_status> sessions;
  std::optional<std::uint64_t> next_offset; ///< missing on the last page
  std::vector<state_count> states;          ///< of all sessions, in every state, also with 0

  static constexpr auto fields() {
    return std::tuple{
        required("schema", &session_page::schema),           required("total", &session_page::total),
        required("offset", &session_page::offset),           required("sessions", &session_page::sessions),
        optional("next_offset", &session_page::next_offset), required("states", &session_page::states)};
  }
};

/// `listed` is the answer to `wanted`.
[[nodiscard]] session_page page_of(session_list listed, const list_request& wanted);

} // namespace trainyard
