// Every series has as many points as `at_`; one that begins later is filled up with "unknown".
#include "nodes/fleet/fleet_board.hpp"

#include <algorithm>

namespace trainyard {
namespace {

constexpr std::size_t rate_window = 10;  ///< samples: a batch comes every few seconds only
constexpr std::chrono::seconds fresh{4}; ///< events come each second

double seconds(std::chrono::steady_clock::duration span) {
  return std::chrono::duration<double>(span).count();
}

} // namespace

void fleet_board::heard(node_heartbeat beat, time_point now) {
  const auto known = nodes_.find(beat.node);
  if (known == nodes_.end() && nodes_.size() >= most_nodes)
    return;
  auto& mine = nodes_[beat.node];
  mine.beat = std::move(beat);
  mine.heard_at = now;
}

void fleet_board::heard(session_progress progress, time_point now) {
  const auto known = sessions_.find(progress.session_id);
  if (known == sessions_.end() && sessions_.size() >= most_series)
    return;
  auto& mine = sessions_[progress.session_id];
  mine.last = std::move(progress);
  mine.heard_at = now;
}

void fleet_board::sample(time_point now, std::int64_t unix_seconds, bool connected) {
  forget_old(now);
  unix_seconds_ = unix_seconds;
  sampled_at_ = now;
  connected_ = connected;
  at_.push_back(unix_seconds);
  if (at_.size() > history_seconds)
    at_.pop_front();
  add_point(rates_, connected ? std::optional(images_per_second(now)) : std::nullopt);
  sample_devices(now);
  sample_sessions(now);
}

void fleet_board::sample_devices(time_point now) {
  for (const auto& [name, node] : nodes_) {
    for (const auto& device : node.beat.devices) {
      const auto key = key_of(name, device.id);
      if (!devices_.contains(key) && devices_.size() >= most_series)
        continue;
      auto& track = devices_[key];
      track.node = name;
      track.id = device.id;
      track.limit_bytes = device.memory_limit_bytes;
      const bool known = connected_ && now - node.heard_at < fresh;
      add_point(track.points,
                known ? std::optional(device_point{device.images, device.memory_bytes}) : std::nullopt);
    }
  }
  for (auto& [key, track] : devices_) // of workers that are forgotten
    if (track.points.size() < at_.size())
      add_point(track.points, std::optional<device_point>());
}

void fleet_board::sample_sessions(time_point now) {
  for (auto& [id, session] : sessions_) {
    const bool known = connected_ && now - session.heard_at < fresh;
    add_point(session.points,
              known ? std::optional(session_point{session.last.images_per_second, session.last.embedded})
                    : std::nullopt);
  }
}

void fleet_board::forget_old(time_point now) {
  std::erase_if(nodes_, [&](const auto& each) { return now - each.second.heard_at > forgotten_after; });
  std::erase_if(sessions_, [&](const auto& each) {
    return now - each.second.heard_at > std::chrono::seconds(history_seconds);
  });
  std::erase_if(devices_, [&](const auto& each) {
    return std::ranges::none_of(each.second.points, [](const auto& point) { return point.has_value(); });
  });
}

node_page fleet_board::nodes(time_point now) const {
  node_page page;
  page.connected = connected_;
  for (const auto& [name, each] : nodes_) {
    const auto silent = now - each.heard_at;
    const auto& beat = each.beat;
    node_view view;
    view.node = name;
    view.instance = beat.instance;
    view.state = silent > gone_after     ? "gone"
                 : silent > silent_after ? "silent"
                 : beat.draining         ? "draining"
                                         : "live";
    view.silent_seconds = seconds(silent);
    view.last_seen = static_cast<double>(unix_seconds_) - seconds(sampled_at_ - each.heard_at);
    view.version = beat.version;
    view.pool = beat.pool;
    view.model = beat.model;
    view.precision = beat.precision;
    view.roots = beat.roots;
    view.takes_remote = beat.takes_remote;
    view.credit = beat.credit;
    view.in_hand = beat.in_hand;
    view.images_per_second = beat.images_per_second;
    view.devices = beat.devices;
    page.nodes.push_back(std::move(view));
  }
  return page;
}

std::size_t fleet_board::live_workers(time_point now) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      nodes_, [&](const auto& each) { return now - each.second.heard_at <= silent_after; }));
}

double fleet_board::images_per_second(time_point now) const {
  double sum = 0;
  for (const auto& [id, each] : sessions_)
    sum += now - each.heard_at < fresh ? each.last.images_per_second : 0;
  return sum;
}

std::uint64_t fleet_board::batches_in_flight(time_point now) const {
  std::uint64_t sum = 0;
  for (const auto& [id, each] : sessions_)
    sum += now - each.heard_at < fresh ? each.last.in_flight : 0;
  return sum;
}

device_series fleet_board::series_of(const device_track& track) const {
  device_series series;
  series.node = track.node;
  series.id = track.id;
  series.memory_limit_bytes = track.limit_bytes;
  const auto& points = track.points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto& now = points[i];
    series.memory_bytes.push_back(now && now->memory_bytes > 0 ? std::optional(now->memory_bytes)
                                                               : std::nullopt);
    const auto* before = i >= rate_window && points[i - rate_window] ? &*points[i - rate_window] : nullptr;
    const bool known = now && before && now->images >= before->images;
    series.images_per_second.push_back(
        known ? std::optional(static_cast<double>(now->images - before->images) / rate_window)
              : std::nullopt);
  }
  return series;
}

fleet_history fleet_board::history() const {
  fleet_history all;
  all.at.assign(at_.begin(), at_.end());
  all.images_per_second.assign(rates_.begin(), rates_.end());
  for (const auto& [key, track] : devices_)
    all.devices.push_back(series_of(track));
  return all;
}

session_history fleet_board::history_of(const std::string& session) const {
  session_history one;
  one.session_id = session;
  const auto found = sessions_.find(session);
  if (found == sessions_.end())
    return one;
  const auto& points = found->second.points;
  one.at.assign(at_.end() - static_cast<std::ptrdiff_t>(points.size()), at_.end());
  for (const auto& each : points) {
    one.images_per_second.push_back(each ? std::optional(each->rate) : std::nullopt);
    one.embedded.push_back(each ? std::optional(each->embedded) : std::nullopt);
  }
  return one;
}

} // namespace trainyard
