// The last heartbeat of each worker, with the time at which it came.
#include "actors/coordinator/host/fleet_view.hpp"

#include <algorithm>

namespace trainyard {

void fleet_view::heard(node_heartbeat beat, time_point now) {
  forget_gone(now);
  std::erase_if(nodes_, [&](const auto& each) { // started again under its old name
    return each.second.beat.node == beat.node && each.second.beat.instance != beat.instance &&
           now - each.second.heard_at > replaced_after;
  });
  auto name = beat.node + "/" + beat.instance; // several on one host may share its name
  nodes_.insert_or_assign(std::move(name), node{std::move(beat), now});
}

void fleet_view::forget_gone(time_point now) {
  std::erase_if(nodes_, [&](const auto& each) { return now - each.second.heard_at > gone_after; });
}

std::uint64_t fleet_view::credit_of(const std::string& pool, time_point now) const {
  std::uint64_t credit = 0;
  for (const auto& [name, each] : nodes_)
    if (each.beat.pool == pool && now - each.heard_at <= suspect_after)
      credit += each.beat.credit;
  return credit;
}

std::vector<device_status> fleet_view::devices(time_point now) const {
  std::vector<device_status> all;
  for (const auto& [name, each] : nodes_) {
    const auto silent = now - each.heard_at;
    if (silent > gone_after)
      continue;
    for (auto device : each.beat.devices) {
      if (silent > suspect_after)
        device.state = "silent";
      else if (each.beat.draining)
        device.state = "draining";
      all.push_back(std::move(device));
    }
  }
  return all;
}

namespace {

bool has_space(const node_heartbeat& beat, const fleet_view::need& what) {
  return what.space_id.empty() || beat.space_id == what.space_id;
}

bool reaches_root(const node_heartbeat& beat, const fleet_view::need& what) {
  return std::ranges::find(beat.roots, what.root) != beat.roots.end() || (what.remote && beat.takes_remote);
}

} // namespace

bool fleet_view::would_take(const node_heartbeat& beat, const need& what) {
  return beat.idle && beat.pool == what.pool && has_space(beat, what) && reaches_root(beat, what);
}

std::string fleet_view::why_idle(const need& what, time_point now) const {
  bool anyone = false, of_pool = false, of_space = false, of_root = false;
  for (const auto& [name, each] : nodes_) {
    if (now - each.heard_at > suspect_after || each.beat.draining)
      continue;
    anyone = true;
    if (each.beat.pool != what.pool)
      continue;
    of_pool = true;
    if (!has_space(each.beat, what))
      continue;
    of_space = true;
    if (!reaches_root(each.beat, what))
      continue;
    of_root = true;
    if (each.beat.credit > 0)
      return {};
  }
  if (!anyone)
    return "no worker";
  if (!of_pool)
    return "no worker for model " + what.model + " (pool " + what.pool + ")";
  if (!of_space)
    return "every worker for model " + what.model + " has other weights than the coordinator";
  if (!of_root)
    return "no worker for model " + what.model + " has a root named '" + what.root + "'";
  return "no device is ready";
}

} // namespace trainyard
