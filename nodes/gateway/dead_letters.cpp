// Counts of failed images are offsets into the list of all of them.
#include "nodes/gateway/dead_letters.hpp"

#include <algorithm>
#include <iterator>

namespace trainyard {

dead_letter_plan plan_dead_letters(const std::vector<session_status>& newest_first, std::uint64_t offset,
                                   std::uint64_t limit) {
  dead_letter_plan plan;
  plan.page.offset = offset;
  std::uint64_t before = 0; // failures of the sessions that came first
  std::uint64_t end = offset;
  for (const auto& each : newest_first) {
    if (each.failed == 0)
      continue;
    ++plan.page.sessions;
    const auto last = before + each.failed;
    if (last > end && end < offset + limit && plan.parts.size() < most_sessions_of_a_page) {
      const auto count = std::min(last, offset + limit) - end;
      plan.parts.push_back({each.session_id, each.state, {end - before, count}});
      end += count;
    }
    before = last;
  }
  plan.page.total = before;
  if (end < before && end > offset)
    plan.page.next_offset = end;
  return plan;
}

void add_to(dead_letter_page& page, const dead_letter_part& part, failure_page given) {
  std::ranges::transform(given.failures, std::back_inserter(page.failures), [&](failed_image& each) {
    return dead_letter{part.session,          part.state,           std::move(each.asset),
                       std::move(each.stage), std::move(each.code), std::move(each.reason),
                       each.attempts};
  });
}

} // namespace trainyard
