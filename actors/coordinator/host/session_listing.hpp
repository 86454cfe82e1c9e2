// Pages of all sessions that a coordinator knows, in time that many thousands of ended ones do not spoil.
#pragma once

#include "actors/coordinator/host/fleet_view.hpp"
#include "actors/coordinator/host/session_book.hpp"
#include "messages/session_states.hpp"

namespace trainyard {

/// As session_list says. usage for a limit that is not 1 to most_sessions_listed.
[[nodiscard]] result<session_list> page_of_sessions(const session_book& book, const fleet_view& fleet,
                                                    const list_request& wanted, session_book::time_point now);

} // namespace trainyard
