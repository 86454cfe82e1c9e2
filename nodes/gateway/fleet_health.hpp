// What is wrong with a fleet, from what the gateway sees of it: the findings of a doctor who never stops
// looking.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "messages/api.hpp"
#include "nodes/doctor/finding.hpp"
#include "nodes/fleet/fleet_views.hpp"

namespace trainyard {

/// One stream of JetStream: what waits in it.
struct stream_state {
  std::string name;
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t max_bytes = 0; ///< 0: no limit
  std::uint64_t consumers = 0;

  static constexpr auto fields() {
    return std::tuple{required("name", &stream_state::name), required("messages", &stream_state::messages),
                      required("bytes", &stream_state::bytes),
                      required("max_bytes", &stream_state::max_bytes),
                      required("consumers", &stream_state::consumers)};
  }
};

struct stream_list {
  std::int64_t schema = wire_schema;
  std::vector<stream_state> streams;

  static constexpr auto fields() {
    return std::tuple{required("schema", &stream_list::schema), required("streams", &stream_list::streams)};
  }
};

struct health_check {
  std::string check;
  std::string verdict; ///< good, warning, bad, unknown
  std::string text;
  std::string remedy; ///< empty: none is needed

  static constexpr auto fields() {
    return std::tuple{required("check", &health_check::check), required("verdict", &health_check::verdict),
                      required("text", &health_check::text), required("remedy", &health_check::remedy)};
  }
};

struct health_page {
  std::int64_t schema = wire_schema;
  bool ok = false; ///< nothing is bad; warnings may be
  std::vector<health_check> checks;
  std::vector<stream_state> streams; ///< empty: unknown

  static constexpr auto fields() {
    return std::tuple{required("schema", &health_page::schema), required("ok", &health_page::ok),
                      required("checks", &health_page::checks), required("streams", &health_page::streams)};
  }
};

struct fleet_facts {
  bool connected = false; ///< to NATS
  node_page workers;
  std::optional<session_list> sessions; ///< nothing: no coordinator answers
  std::optional<stream_list> streams;   ///< nothing: this login may not ask, or JetStream does not answer
};

/// Pure. Whatever needs somebody stands first.
[[nodiscard]] health_page health_of(const fleet_facts& of);
[[nodiscard]] findings findings_of(const fleet_facts& of);

} // namespace trainyard
