// The states of a session by name, how many sessions are in each, and how many a list holds.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "messages/api.hpp"

namespace trainyard {

inline constexpr std::array<std::string_view, 6> session_states{"queued",    "running",   "paused",
                                                                "completed", "cancelled", "failed"};

/// No answer to list has more: it must fit into one message.
inline constexpr std::uint64_t most_sessions_listed = 500;

/// All states, each with 0.
[[nodiscard]] inline std::vector<state_count> no_sessions() {
  std::vector<state_count> all;
  for (const auto state : session_states)
    all.push_back({std::string(state), 0});
  return all;
}
/// One more session in `state`.
inline void count(std::vector<state_count>& in, std::string_view state) {
  if (const auto found = std::ranges::find(in, state, &state_count::state); found != in.end())
    ++found->sessions;
}

} // namespace trainyard
