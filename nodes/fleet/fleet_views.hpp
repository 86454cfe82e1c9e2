// What the gateway itself tells of the fleet: workers as they were last heard, and the last minutes as
// series.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "messages/api.hpp"

namespace trainyard {

/// A worker's last heartbeat, and its age.
struct node_view {
  std::string node;
  std::string instance;
  std::string state;         ///< live; silent for 5 s; gone for 15 s; draining
  double silent_seconds = 0; ///< since its last heartbeat
  double last_seen = 0;      ///< the same as a time: seconds since 1970
  std::string version;
  std::string pool;
  std::string model;
  std::string precision;
  std::vector<std::string> roots;
  bool takes_remote = false;
  std::uint64_t credit = 0;
  std::uint64_t in_hand = 0;
  double images_per_second = 0;
  std::vector<device_status> devices;

  static constexpr auto fields() {
    return std::tuple{required("node", &node_view::node),
                      required("instance", &node_view::instance),
                      required("state", &node_view::state),
                      required("silent_seconds", &node_view::silent_seconds),
                      required("last_seen", &node_view::last_seen),
                      required("version", &node_view::version),
                      required("pool", &node_view::pool),
                      required("model", &node_view::model),
                      required("precision", &node_view::precision),
                      required("roots", &node_view::roots),
                      required("takes_remote", &node_view::takes_remote),
                      required("credit", &node_view::credit),
                      required("in_hand", &node_view::in_hand),
                      required("images_per_second", &node_view::images_per_second),
                      required("devices", &node_view::devices)};
  }
};

struct node_page {
  std::int64_t schema = wire_schema;
  bool connected = false; ///< to NATS; where not, silence tells nothing of the workers
  std::vector<node_view> nodes;

  static constexpr auto fields() {
    return std::tuple{required("schema", &node_page::schema), required("connected", &node_page::connected),
                      required("nodes", &node_page::nodes)};
  }
};

/// One value a second, as many as `at` has; null is unknown, which is not 0.
struct device_series {
  std::string node;
  std::string id;
  std::uint64_t memory_limit_bytes = 0; ///< 0: unknown
  std::vector<std::optional<std::uint64_t>> memory_bytes;
  std::vector<std::optional<double>> images_per_second; ///< over the 10 s before

  static constexpr auto fields() {
    return std::tuple{required("node", &device_series::node), required("id", &device_series::id),
                      required("memory_limit_bytes", &device_series::memory_limit_bytes),
                      required("memory_bytes", &device_series::memory_bytes),
                      required("images_per_second", &device_series::images_per_second)};
  }
};

struct fleet_history {
  std::int64_t schema = wire_schema;
  std::vector<std::int64_t> at;                         ///< seconds since 1970
  std::vector<std::optional<double>> images_per_second; ///< of all sessions that run
  std::vector<device_series> devices;

  static constexpr auto fields() {
    return std::tuple{required("schema", &fleet_history::schema), required("at", &fleet_history::at),
                      required("images_per_second", &fleet_history::images_per_second),
                      required("devices", &fleet_history::devices)};
  }
};

struct session_history {
  std::int64_t schema = wire_schema;
  std::string session_id;
  std::vector<std::int64_t> at; ///< seconds since 1970
  std::vector<std::optional<double>> images_per_second;
  std::vector<std::optional<std::uint64_t>> embedded;

  static constexpr auto fields() {
    return std::tuple{required("schema", &session_history::schema),
                      required("session_id", &session_history::session_id),
                      required("at", &session_history::at),
                      required("images_per_second", &session_history::images_per_second),
                      required("embedded", &session_history::embedded)};
  }
};

} // namespace trainyard
