// Session records for tests of the registry, and their ids again.
#pragma once

#include <string>
#include <vector>

#include "actors/coordinator/host/session_registry.hpp"

namespace trainyard::testing {

inline session_record record_of(const std::string& id, const std::string& state = "queued") {
  session_record record;
  record.spec.session_id = id;
  record.spec.training_directory = "photos/ü \"2024\"";
  record.wanted = "running";
  record.status.session_id = id;
  record.status.state = state;
  record.status.devices = {"node/cuda:0"};
  record.status.report = session_report{};
  record.status.report->session_id = id;
  return record;
}

inline std::vector<std::string> ids_of(const result<std::vector<registered_session>>& sessions) {
  std::vector<std::string> ids;
  for (const auto& each : sessions.value())
    ids.push_back(each.record.status.session_id);
  return ids;
}

} // namespace trainyard::testing
