// Pure: the fleet as its events tell of it, now and in the last 15 minutes.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "messages/api.hpp"
#include "nodes/fleet/board_memory.hpp"
#include "nodes/fleet/fleet_views.hpp"

namespace trainyard {

/// Not thread safe; time is passed in. Bounded: what is new beyond the bounds is left out.
class fleet_board {
public:
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds silent_after{5};
  static constexpr std::chrono::seconds gone_after{15};
  static constexpr std::chrono::minutes forgotten_after{60};
  static constexpr std::size_t history_seconds = 900;
  static constexpr std::size_t most_nodes = 1024;
  static constexpr std::size_t most_series = 512; ///< of devices, and of sessions

  void heard(node_heartbeat beat, time_point now);
  void heard(session_progress progress, time_point now);
  /// Once a second: adds a point to every series. `unix_seconds`: the time of day.
  void sample(time_point now, std::int64_t unix_seconds, bool connected);

  [[nodiscard]] node_page nodes(time_point now) const;
  [[nodiscard]] std::size_t live_workers(time_point now) const;
  [[nodiscard]] fleet_history history() const;
  /// Empty series where no event of it was heard.
  [[nodiscard]] session_history history_of(const std::string& session) const;
  /// Of sessions that were heard in the last seconds.
  [[nodiscard]] std::uint64_t batches_in_flight(time_point now) const;
  [[nodiscard]] double images_per_second(time_point now) const;

  /// All of it, for recall() of a board in a process to come.
  [[nodiscard]] board_memory remember(time_point now) const;
  /// Into a board that has seen nothing yet; the time since then is unknown in every series. False, and
  /// nothing is changed, where the memory does not fit together or is from the future.
  [[nodiscard]] bool recall(const board_memory& memory, time_point now, std::int64_t unix_seconds);

private:
  struct known_node {
    node_heartbeat beat;
    time_point heard_at;
  };
  struct device_point {
    std::uint64_t images = 0;
    std::uint64_t memory_bytes = 0;
  };
  struct device_track {
    std::string node;
    std::string id;
    std::uint64_t limit_bytes = 0;
    std::deque<std::optional<device_point>> points;
  };
  struct session_point {
    double rate = 0;
    std::uint64_t embedded = 0;
  };
  struct session_track {
    session_progress last;
    time_point heard_at;
    std::deque<std::optional<session_point>> points;
  };
  void sample_devices(time_point now);
  void sample_sessions(time_point now);
  void forget_old(time_point now);
  [[nodiscard]] device_series series_of(const device_track& track) const;
  [[nodiscard]] static std::string key_of(const std::string& node, const std::string& device) {
    return node + "/" + device;
  }
  /// The series' newest point; one that began late is filled up with "unknown".
  template <class Point>
  void add_point(std::deque<Point>& to, Point point) const {
    while (to.size() + 1 < at_.size())
      to.push_back(Point());
    to.push_back(std::move(point));
    while (to.size() > at_.size())
      to.pop_front();
  }

  std::map<std::string, known_node> nodes_; ///< by name
  std::map<std::string, device_track> devices_;
  std::map<std::string, session_track> sessions_;
  std::deque<std::int64_t> at_;
  std::deque<std::optional<double>> rates_;
  std::int64_t unix_seconds_ = 0;
  time_point sampled_at_{};
  bool connected_ = false;
};

} // namespace trainyard
