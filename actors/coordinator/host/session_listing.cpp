// Sorted are pointers; only what is shown is copied.
#include "actors/coordinator/host/session_listing.hpp"

#include <algorithm>
#include <utility>

namespace trainyard {

namespace {

bool is_newer(const known_session* left, const known_session* right) {
  return left->record.status.submitted_at > right->record.status.submitted_at;
}

bool has_not_ended_or_is_newer(const known_session* left, const known_session* right) {
  const auto rank = [](const known_session* each) {
    const auto& status = each->record.status;
    return std::pair(status.finished_at.empty(), std::string_view(status.submitted_at));
  };
  return rank(left) > rank(right);
}

} // namespace

result<session_list> page_of_sessions(const session_book& book, const fleet_view& fleet,
                                      const list_request& wanted, session_book::time_point now) {
  const auto limit = wanted.limit.value_or(most_sessions_listed);
  if (limit < 1 || limit > most_sessions_listed)
    return fail(failure_kind::usage, "limit is " + std::to_string(limit),
                "give 1 to " + std::to_string(most_sessions_listed) + ", and an offset for those behind");
  session_list page;
  page.states = no_sessions();
  std::vector<const known_session*> chosen;
  for (const auto& [id, each] : book.all()) {
    const auto& state = each.record.status.state;
    count(page.states, state);
    if (!wanted.state || wanted.state->empty() || state == *wanted.state)
      chosen.push_back(&each);
  }
  page.total = chosen.size();
  std::ranges::stable_sort(chosen, wanted.limit ? is_newer : has_not_ended_or_is_newer);
  const auto first = std::min<std::uint64_t>(wanted.offset, chosen.size());
  const auto last = std::min<std::uint64_t>(first + limit, chosen.size());
  for (auto at = first; at < last; ++at) {
    page.sessions.push_back(book.status_of(*chosen[at], fleet, now));
    page.sessions.back().report.reset();
  }
  if (!wanted.limit)
    std::ranges::stable_sort(page.sessions, {}, &session_status::submitted_at);
  return page;
}

} // namespace trainyard
