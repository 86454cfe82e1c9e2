// The coordinator of one session: turns the keeper's decisions into messages on the queue, and results into
// progress.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "actors/caf_messages.hpp"
#include "actors/coordinator/session_keeper.hpp"
#include "actors/links.hpp"
#include "actors/throughput.hpp"
#include "messages/subjects.hpp"

namespace trainyard {

/// How a session ended, or was left.
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
  std::optional<directory_compared> changed; ///< since an earlier run listed it
  bool began = false;                        ///< false: refused before anything was done
};

/// Called on the session's thread; may only hand the value on.
struct session_sinks {
  std::function<void(session_progress)> on_progress;
  std::function<void(session_outcome)> on_end; ///< once; the actor has then let go of the link and the folder
};

/// Detached: owns its session's files and blocks on them. `link` outlives it. Results are acknowledged only
/// after the ledger has them on disk.
class session_actor {
public:
  static constexpr const char* name = "trainyard.coordinator";
  session_actor(caf::event_based_actor& self, session_config config, coordinator_link& link,
                session_sinks sinks);
  caf::message_handler handlers();

private:
  [[nodiscard]] result<void> begin();
  void listing(const listed& more);
  void compared(const directory_compared& changes);
  void dispatch();
  void published(const work_published& answer);
  void arrived(const result_delivered& delivered);
  void commit();
  void move_on();
  void tick();
  void interrupt(const interrupt_session& order);
  void pause(bool paused);
  void end(std::string state, std::optional<failure> why = std::nullopt);
  void report();
  [[nodiscard]] session_progress progress() const;
  [[nodiscard]] bool tolerable(const result<void>& outcome, const std::string& what);

  caf::event_based_actor& self_;
  session_config config_;
  coordinator_link& link_;
  session_sinks sinks_;
  subjects names_;
  std::optional<session_keeper> keeper_;
  actor lister_;
  std::vector<std::shared_ptr<const delivery>> arrived_; ///< not yet on disk, not acknowledged
  std::map<std::uint64_t, session_keeper::time_point> publishing_;
  double publish_seconds_ = 0;
  session_keeper::time_point started_;
  throughput rate_;
  std::optional<session_keeper::time_point> deadline_; ///< of an interrupted session
  std::string end_state_;                              ///< at the deadline
  bool paused_ = false;
  std::uint64_t ignored_ = 0;
  std::optional<directory_compared> changed_;
  std::string blocked_;    ///< why nothing can be written just now
  bool comparing_ = false; ///< an earlier run's listing with the directory as it is now
  bool commit_due_ = false;
  bool ended_ = false;
};

} // namespace trainyard
