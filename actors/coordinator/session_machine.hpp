// One session as a state machine: turns the keeper's decisions into messages on the queue, and results into
// progress. No CAF, no threads, no clock of its own.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "actors/coordinator/session_keeper.hpp"
#include "actors/coordinator/session_outcome.hpp"
#include "actors/links.hpp"
#include "actors/machine_ports.hpp"
#include "actors/throughput.hpp"
#include "messages/local.hpp"

namespace trainyard {

/// What the machine, or the link on its behalf, tells itself.
using session_message =
    std::variant<work_published, result_delivered, commit_results, sweep_more, session_tick>;

struct session_ports {
  mailbox<session_message> self;
  time_source now;
  /// The lister owns the manifest from then on; what it finds comes as listed and listing_failed.
  std::function<void(std::shared_ptr<manifest_writer>)> start_listing;
  /// Of a listing that came as `comparing`, once: the lister has directory_update done; directory_compared or
  /// listing_failed comes.
  std::function<void(std::shared_ptr<const update_order>)> compare;
  std::function<void()>
      stop_listing;    ///< blocks: the manifest is closed when it returns; nothing when none runs
  session_sinks sinks; ///< after on_end the machine does nothing more
};

/// Owned by one thread, which its disk blocks. `link` outlives it. Results are acknowledged only after the
/// ledger has them on disk.
class session_machine {
public:
  session_machine(session_config config, coordinator_link& link, session_ports ports);

  /// Once, first: opens the folder and the results, starts the lister; or ends at once.
  void start();

  void on(const listed& more);
  void on(const directory_compared& changes);
  void on(const listing_failed& stuck);
  void on(const work_published& answer);
  void on(const result_delivered& delivered);
  void on(const commit_results&);
  void on(const sweep_more&);
  void on(const session_tick&);
  void on(const interrupt_session& order);
  void on(const pause_session&) { pause(true); }
  void on(const resume_session&) { pause(false); }
  void on(const resize_window& share);
  void on(const worker_idle&);
  /// The lister ended other than by stop_listing.
  void lister_lost();

  [[nodiscard]] bool ended() const { return ended_; }

private:
  using time_point = session_keeper::time_point;

  [[nodiscard]] result<void> begin();
  void dispatch();
  void withdraw();
  void commit();
  void move_on();
  void pause(bool paused);
  [[nodiscard]] bool tolerable(const result<void>& outcome, const std::string& what);
  void report();
  [[nodiscard]] session_progress progress() const;
  [[nodiscard]] session_outcome outcome(std::string state, std::optional<failure> why) const;
  void end(std::string state, std::optional<failure> why = std::nullopt);

  session_config config_;
  coordinator_link& link_;
  session_ports ports_;
  std::optional<session_keeper> keeper_;
  std::vector<std::shared_ptr<const delivery>> arrived_; ///< not yet on disk, not acknowledged
  std::map<std::pair<std::uint64_t, batch_piece>, time_point> publishing_;
  double publish_seconds_ = 0;
  time_point started_;
  throughput rate_;
  std::optional<time_point> deadline_; ///< of an interrupted session
  std::string end_state_;              ///< at the deadline
  bool paused_ = false;
  std::uint64_t ignored_ = 0;
  std::optional<changes_report> changed_;
  std::map<std::string, std::string> blocked_; ///< what cannot be written just now, and why
  bool listing_is_complete_ = false;
  bool comparing_ = false;  ///< an earlier run's listing is to be compared with the directory as it is now
  bool compare_due_ = true; ///< as soon as all that was listed is done
  bool sweep_due_ = false;
  bool commit_due_ = false;
  bool ended_ = false;
};

} // namespace trainyard
