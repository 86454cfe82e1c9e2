// What a board hands to the one that comes after it: its series, and who was heard when.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "messages/api.hpp"

namespace trainyard {

/// In a series of a memory: no value of that second is known. No series has a negative value of its own.
inline constexpr std::int64_t unknown_point = -1;

/// Of one device. As long as the memory's `at`, or shorter: what is missing is its beginning.
struct remembered_device {
  std::string node;
  std::string id;
  std::uint64_t limit_bytes = 0;
  std::vector<std::int64_t> images; ///< since its worker started
  std::vector<std::int64_t> memory_bytes;

  static constexpr auto fields() {
    return std::tuple{required("node", &remembered_device::node), required("id", &remembered_device::id),
                      required("limit_bytes", &remembered_device::limit_bytes),
                      required("images", &remembered_device::images),
                      required("memory_bytes", &remembered_device::memory_bytes)};
  }
};

struct remembered_session {
  session_progress last;
  double age_seconds = 0; ///< of `last`, when this was written
  std::vector<double> images_per_second;
  std::vector<std::int64_t> embedded;

  static constexpr auto fields() {
    return std::tuple{required("last", &remembered_session::last),
                      required("age_seconds", &remembered_session::age_seconds),
                      required("images_per_second", &remembered_session::images_per_second),
                      required("embedded", &remembered_session::embedded)};
  }
};

struct remembered_node {
  node_heartbeat last;
  double age_seconds = 0;

  static constexpr auto fields() {
    return std::tuple{required("last", &remembered_node::last),
                      required("age_seconds", &remembered_node::age_seconds)};
  }
};

struct board_memory {
  std::int64_t schema = wire_schema;
  std::vector<std::int64_t> at; ///< seconds since 1970, rising; the last one is when this was written
  std::vector<double> images_per_second; ///< as many as `at`
  std::vector<remembered_device> devices;
  std::vector<remembered_session> sessions;
  std::vector<remembered_node> nodes;

  static constexpr auto fields() {
    return std::tuple{required("schema", &board_memory::schema),
                      required("at", &board_memory::at),
                      required("images_per_second", &board_memory::images_per_second),
                      required("devices", &board_memory::devices),
                      required("sessions", &board_memory::sessions),
                      required("nodes", &board_memory::nodes)};
  }
};

} // namespace trainyard
