// Pure: which workers there are, from their heartbeats, and why a session has none.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "messages/api.hpp"

namespace trainyard {

/// Not thread safe; time is passed in. A worker that is silent for 5 s is suspect and counts no more; after
/// 15 s it is gone.
class fleet_view {
public:
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds suspect_after{5};
  static constexpr std::chrono::seconds gone_after{15};
  static constexpr std::chrono::seconds replaced_after{3}; ///< when another of its name is heard

  void heard(node_heartbeat beat, time_point now);
  /// Batches that the pool's live workers want to hold at once.
  [[nodiscard]] std::uint64_t credit_of(const std::string& pool, time_point now) const;
  /// Every device of every worker that is not gone; of suspect ones in state "silent".
  [[nodiscard]] std::vector<device_status> devices(time_point now) const;

  struct need {
    std::string pool;
    std::string model;
    std::string space_id; ///< empty: not known yet
    std::string root;
    bool remote = false; ///< workers without the root will do
  };
  /// It has nothing to do, and could do such work.
  [[nodiscard]] static bool would_take(const node_heartbeat& beat, const need& what);
  /// Why no live worker can take such work; empty when one can.
  [[nodiscard]] std::string why_idle(const need& what, time_point now) const;

private:
  struct node {
    node_heartbeat beat;
    time_point heard_at;
  };
  void forget_gone(time_point now);
  std::map<std::string, node> nodes_; ///< by name and instance
};

} // namespace trainyard
