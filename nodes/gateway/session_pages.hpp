// A page of the sessions that a coordinator listed: newest first, of one state or all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "messages/api.hpp"

namespace trainyard {

struct state_count {
  std::string state;
  std::uint64_t sessions = 0;

  static constexpr auto fields() {
    return std::tuple{required("state", &state_count::state), required("sessions", &state_count::sessions)};
  }
};

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

struct page_request {
  std::string state; ///< empty: all
  std::uint64_t offset = 0;
  std::uint64_t limit = 100;
};

[[nodiscard]] session_page page_of(session_list all, const page_request& wanted);
[[nodiscard]] std::vector<state_count> count_states(const session_list& all);

} // namespace trainyard
