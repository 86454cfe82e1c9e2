// A board's series survive its process: written as they are, taken back with the time between as unknown.
#include "nodes/fleet/board_memory.hpp"

#include <algorithm>
#include <cmath>

#include "nodes/fleet/fleet_board.hpp"

namespace trainyard {
namespace {

using time_point = fleet_board::time_point;

double seconds_between(time_point earlier, time_point later) {
  return std::chrono::duration<double>(later - earlier).count();
}

time_point before(time_point now, double seconds) {
  const auto at_most = std::chrono::duration<double>(fleet_board::forgotten_after) * 2;
  const auto span =
      std::clamp(std::chrono::duration<double>(seconds), std::chrono::duration<double>(0), at_most);
  return now - std::chrono::duration_cast<time_point::duration>(span);
}

/// What a file says is not believed: its series must fit together before one of them is used.
bool is_sound(const board_memory& memory, std::int64_t now) {
  const auto points = memory.at.size();
  const auto fits = [&](const auto& first, const auto& second) {
    return first.size() == second.size() && first.size() <= points;
  };
  return memory.schema == wire_schema && points > 0 && points <= fleet_board::history_seconds &&
         memory.images_per_second.size() == points && std::ranges::is_sorted(memory.at) &&
         memory.at.front() >= 0 && memory.at.back() <= now &&
         std::ranges::all_of(memory.nodes,
                             [](const auto& each) { return std::isfinite(each.age_seconds); }) &&
         memory.nodes.size() <= fleet_board::most_nodes &&
         memory.devices.size() <= fleet_board::most_series &&
         memory.sessions.size() <= fleet_board::most_series &&
         std::ranges::all_of(memory.devices,
                             [&](const auto& each) { return fits(each.images, each.memory_bytes); }) &&
         std::ranges::all_of(memory.sessions,
                             [&](const auto& each) { return fits(each.images_per_second, each.embedded); });
}

} // namespace

board_memory fleet_board::remember(time_point now) const {
  board_memory memory;
  memory.at.assign(at_.begin(), at_.end());
  for (const auto each : rates_)
    memory.images_per_second.push_back(each.value_or(static_cast<double>(unknown_point)));
  for (const auto& [key, track] : devices_) {
    auto& into =
        memory.devices.emplace_back(remembered_device{track.node, track.id, track.limit_bytes, {}, {}});
    for (const auto& each : track.points) {
      into.images.push_back(each ? static_cast<std::int64_t>(each->images) : unknown_point);
      into.memory_bytes.push_back(each ? static_cast<std::int64_t>(each->memory_bytes) : unknown_point);
    }
  }
  for (const auto& [id, track] : sessions_) {
    auto& into = memory.sessions.emplace_back(
        remembered_session{track.last, seconds_between(track.heard_at, now), {}, {}});
    for (const auto& each : track.points) {
      into.images_per_second.push_back(each ? each->rate : static_cast<double>(unknown_point));
      into.embedded.push_back(each ? static_cast<std::int64_t>(each->embedded) : unknown_point);
    }
  }
  for (const auto& [name, node] : nodes_)
    memory.nodes.push_back({node.beat, seconds_between(node.heard_at, now)});
  return memory;
}

bool fleet_board::recall(const board_memory& memory, time_point now, std::int64_t unix_seconds) {
  if (!at_.empty() || !is_sound(memory, unix_seconds))
    return false;
  const auto away = static_cast<double>(unix_seconds - memory.at.back());
  at_.assign(memory.at.begin(), memory.at.end());
  for (const auto each : memory.images_per_second)
    rates_.push_back(each < 0 ? std::nullopt : std::optional(each));
  for (const auto& each : memory.nodes)
    nodes_[each.last.node] = {each.last, before(now, each.age_seconds + away)};
  for (const auto& each : memory.devices) {
    auto& track = devices_[key_of(each.node, each.id)];
    track = {each.node, each.id, each.limit_bytes, {}};
    for (std::size_t i = 0; i < each.images.size(); ++i)
      add_point(track.points,
                each.images[i] >= 0 && each.memory_bytes[i] >= 0
                    ? std::optional(device_point{static_cast<std::uint64_t>(each.images[i]),
                                                 static_cast<std::uint64_t>(each.memory_bytes[i])})
                    : std::nullopt);
  }
  for (const auto& each : memory.sessions) {
    auto& track = sessions_[each.last.session_id];
    track = {each.last, before(now, each.age_seconds + away), {}};
    for (std::size_t i = 0; i < each.embedded.size(); ++i)
      add_point(track.points, each.embedded[i] >= 0 && each.images_per_second[i] >= 0
                                  ? std::optional(session_point{each.images_per_second[i],
                                                                static_cast<std::uint64_t>(each.embedded[i])})
                                  : std::nullopt);
  }
  const auto missed = unix_seconds - memory.at.back() - 1;
  for (auto left = std::min<std::int64_t>(missed, history_seconds); left > 0; --left)
    sample(now, unix_seconds - left, false);
  return true;
}

} // namespace trainyard
