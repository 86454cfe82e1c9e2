// Filter, order, cut.
#include "nodes/gateway/session_pages.hpp"

#include <algorithm>
#include <array>

namespace trainyard {

std::vector<state_count> count_states(const session_list& all) {
  static constexpr std::array<std::string_view, 6> states{"queued",    "running",   "paused",
                                                          "completed", "cancelled", "failed"};
  std::vector<state_count> counts;
  for (const auto state : states)
    counts.push_back({std::string(state), static_cast<std::uint64_t>(std::ranges::count(
                                              all.sessions, state, &session_status::state))});
  return counts;
}

session_page page_of(session_list all, const page_request& wanted) {
  session_page page;
  page.states = count_states(all);
  page.offset = wanted.offset;
  auto& list = all.sessions;
  if (!wanted.state.empty())
    std::erase_if(list, [&](const session_status& each) { return each.state != wanted.state; });
  std::ranges::reverse(list); // the coordinator has the oldest first
  page.total = list.size();
  const auto first = std::min<std::uint64_t>(wanted.offset, list.size());
  const auto last = std::min<std::uint64_t>(first + wanted.limit, list.size());
  if (last < list.size())
    page.next_offset = last;
  page.sessions.assign(std::make_move_iterator(list.begin() + static_cast<std::ptrdiff_t>(first)),
                       std::make_move_iterator(list.begin() + static_cast<std::ptrdiff_t>(last)));
  return page;
}

} // namespace trainyard
