// Guesses per request, certainty per source.
#include "nodes/nats/pull_ledger.hpp"

#include <algorithm>

namespace trainyard {

std::size_t pull_ledger::free() const {
  std::size_t asked = 0;
  for (const auto& [id, each] : requests_)
    asked += each.remaining;
  return credit_ > asked ? credit_ - asked : 0;
}

std::size_t pull_ledger::requested(std::size_t source) const {
  std::size_t asked = 0;
  for (const auto& [id, each] : requests_)
    asked += each.source == source ? each.remaining : 0;
  return asked;
}

void pull_ledger::open(std::uint64_t id, std::size_t source, std::size_t deliveries, time silent_until) {
  requests_.emplace(id, request{source, deliveries, deliveries, silent_until});
}

bool pull_ledger::take(std::size_t source) {
  if (credit_ == 0)
    return false;
  --credit_;
  shift(source, 1, false);
  return true;
}

void pull_ledger::heard(std::uint64_t id, time silent_until) {
  if (const auto found = requests_.find(id); found != requests_.end())
    found->second.silent_until = std::max(found->second.silent_until, silent_until);
}

/// Adds to the oldest request of the source, or takes from the oldest ones that have something left.
void pull_ledger::shift(std::size_t source, std::size_t count, bool add) {
  for (auto& [id, each] : requests_) {
    if (count == 0)
      return;
    if (each.source != source)
      continue;
    const auto room = add ? each.asked - each.remaining : each.remaining;
    const auto moved = std::min(room, count);
    each.remaining = add ? each.remaining + moved : each.remaining - moved;
    count -= moved;
  }
}

pull_ledger::ended pull_ledger::settle(std::uint64_t id, std::size_t pending) {
  const auto found = requests_.find(id);
  if (found == requests_.end())
    return {};
  const auto [source, asked, remaining, silent_until] = found->second;
  requests_.erase(found);
  pending = std::min(pending, asked);
  if (pending < remaining) // what we took from others came for this one's siblings
    shift(source, remaining - pending, true);
  else
    shift(source, pending - remaining, false);
  return {true, source, asked, pending};
}

pull_ledger::ended pull_ledger::settle_all_of(std::uint64_t id) {
  const auto found = requests_.find(id);
  return found == requests_.end() ? ended{} : settle(id, found->second.remaining);
}

std::size_t pull_ledger::source_of(std::uint64_t id) const {
  const auto found = requests_.find(id);
  return found == requests_.end() ? 0 : found->second.source;
}

bool pull_ledger::is_open(std::uint64_t id) const {
  const auto found = requests_.find(id);
  return found != requests_.end() && found->second.remaining > 0;
}

std::vector<std::size_t> pull_ledger::expire(time now) {
  std::vector<std::size_t> owing;
  std::erase_if(requests_, [&](const auto& entry) {
    const auto& each = entry.second;
    if (now < each.silent_until)
      return false;
    if (each.remaining > 0)
      owing.push_back(each.source);
    return true;
  });
  return owing;
}

} // namespace trainyard
