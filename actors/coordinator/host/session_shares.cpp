// Which part of the workers each session gets, and what a worker gets that has nothing to do.
#include "actors/coordinator/host/session_host.hpp"
#include "actors/coordinator/host/session_rules.hpp"
#include "actors/coordinator/host/window_shares.hpp"

namespace trainyard {

namespace {

auto now() {
  return std::chrono::steady_clock::now();
}

} // namespace

/// Other coordinators' sessions want their part as well, as long as they are heard of.
bool session_host::wants_share(const std::string& session, const known_session& known) const {
  if (const auto held = owned_.find(session); held != owned_.end())
    return held->second.wants_work();
  const auto& record = known.record;
  return !has_ended(record) && !record.status.coordinator.empty() && record.wanted == "running" &&
         known.is_heard(now());
}

void session_host::share_windows() {
  std::map<std::string, std::vector<share_claim>> claims;
  for (const auto& [session, known] : book_.all())
    if (wants_share(session, known))
      claims[known.record.pool].push_back({session, known.record.status.weight});
  for (const auto& [pool, of_pool] : claims) {
    const auto shares = window_shares(of_pool, fleet_.credit_of(pool, now()));
    for (std::size_t i = 0; i < of_pool.size(); ++i) {
      const auto held = owned_.find(of_pool[i].session);
      if (held == owned_.end() || held->second.window == shares[i])
        continue;
      held->second.window = shares[i];
      tell(held->second.runner, resize_window{shares[i]});
    }
  }
}

void session_host::heard(const node_heartbeat& beat) {
  fleet_.heard(beat, now());
  if (!beat.idle)
    return;
  for (const auto& [session, held] : owned_)
    if (held.wants_work() && fleet_view::would_take(beat, need_of(book_.all().at(session).record)))
      tell(held.runner, worker_idle{});
}

} // namespace trainyard
