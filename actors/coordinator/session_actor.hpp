// The session's machine as an actor: its thread, its mailbox and its lister.
#pragma once

#include <optional>

#include "actors/caf_messages.hpp"
#include "actors/coordinator/session_machine.hpp"

namespace trainyard {

/// Detached: owns its session's files and blocks on them. `link` outlives it.
class session_actor {
public:
  static constexpr const char* name = "trainyard.coordinator";
  session_actor(caf::event_based_actor& self, session_config config, coordinator_link& link,
                session_sinks sinks);
  caf::message_handler handlers();

private:
  [[nodiscard]] session_ports ports();
  void start_listing(std::shared_ptr<manifest_writer> manifest);
  void stop_listing();

  caf::event_based_actor& self_;
  session_config config_;
  coordinator_link& link_;
  session_sinks sinks_;
  actor lister_;
  std::optional<session_machine> machine_; ///< from handlers() on, which runs on the actor's thread
};

} // namespace trainyard
