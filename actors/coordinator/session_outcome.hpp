// How a session ended, or was left.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "actors/coordinator/device_figures.hpp"
#include "actors/coordinator/session_config.hpp"
#include "actors/coordinator/session_keeper.hpp"
#include "messages/local.hpp"

namespace trainyard {

struct session_outcome {
  std::string session_id;
  session_config config;      ///< as it was run
  std::string state;          ///< completed, failed, or what interrupt_session said
  std::optional<failure> why; ///< of failed
  keeper_counts counts;
  std::vector<device_totals> devices;
  std::vector<std::string> worked; ///< NODE/DEVICE of each of `devices`
  stage_seconds work;
  double publish_seconds = 0;
  double write_seconds = 0;
  double seconds = 0;
  std::uint64_t ignored_files = 0;
  std::optional<changes_report> changed; ///< none: no earlier run had listed it
  bool began = false;                    ///< false: refused before anything was done
};

/// Called on the session's thread; may only hand the value on.
struct session_sinks {
  std::function<void(session_progress)> on_progress;
  std::function<void(session_outcome)>
      on_end; ///< once; the session has then let go of the link and the folder
};

} // namespace trainyard
