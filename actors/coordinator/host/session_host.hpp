// A coordinator: owns sessions by lease, one actor each, takes jobs and requests, and shares the workers out.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "actors/caf_messages.hpp"
#include "actors/coordinator/host/request_desk.hpp"
#include "actors/coordinator/session_actor.hpp"

namespace trainyard {

struct host_config {
  std::string node;  ///< what status shows as the coordinator
  std::string owner; ///< of the leases: a new one for each process
  subjects names;
  intake_rules intake;
  std::size_t most_sessions = 64; ///< worked on at once
  std::chrono::milliseconds tick{1'000};
  std::chrono::milliseconds lease_patience{4'000}; ///< less than a lease's life without a renewal
  std::chrono::milliseconds save_interval{5'000};  ///< of progress in the registry
  std::chrono::milliseconds drain_grace{2'000};    ///< for results on their way when the process ends
  request_desk::clock_text now;
  request_desk::random_id fresh_id;
};

/// Detached: every step may block on the network or a disk. Link, registry and service outlive it.
/// `on_drained` runs once, after drain_host, when every session has been given back; it may only hand the
/// fact on.
class session_host {
public:
  static constexpr const char* name = "trainyard.host";
  session_host(caf::event_based_actor& self, host_config config, coordinator_link& link,
               session_registry& registry, coordinator_service& service,
               std::function<void(std::optional<failure>)> on_drained);
  /// Waits for what still runs: it uses the link.
  ~session_host();
  session_host(const session_host&) = delete;
  session_host& operator=(const session_host&) = delete;
  caf::message_handler handlers();

private:
  using time_point = std::chrono::steady_clock::time_point;
  enum class hold { running, abandoned };
  struct owned_session {
    actor runner;
    time_point leased_at;
    time_point saved_at;
    std::string doing = "running"; ///< what the runner was told last: running, paused, cancelled
    std::size_t window = 0;
    hold state = hold::running;
    std::shared_ptr<const session_outcome> outcome; ///< over, and not yet in the registry

    /// It wants its part of the workers.
    [[nodiscard]] bool wants_work() const { return state == hold::running && !outcome && doing == "running"; }
  };

  [[nodiscard]] result<void> begin();
  void job(const job_delivered& arrived);
  void request(const request_arrived& arrived);
  void clear_if_unowned(const std::string& session);
  void ended(const session_ended& over);
  void tick();
  void drain();

  void renew(const std::string& session, owned_session& held);
  void obey(const std::string& session, owned_session& held);
  void save(const std::string& session, owned_session& held);
  void claim_unowned();
  void claim(const std::string& session);
  [[nodiscard]] bool is_others(const known_session& known) const;
  void start(const session_record& record, time_point leased_at);
  void conclude(const std::string& session);
  [[nodiscard]] bool wants_share(const std::string& session, const known_session& known) const;
  void share_windows();
  void heard(const node_heartbeat& beat);
  void restore_if_lost(const std::string& session, const result<session_record>& answer);
  void note_trouble(const result<void>& outcome, const std::string& what);
  void end_if_drained();

  caf::event_based_actor& self_;
  host_config config_;
  coordinator_link& link_;
  session_registry& registry_;
  coordinator_service& service_;
  std::function<void(std::optional<failure>)> on_drained_;
  fleet_view fleet_;
  session_book book_;
  session_intake intake_;
  request_desk desk_;
  std::map<std::string, owned_session> owned_;
  std::map<std::string, time_point> not_before_; ///< sessions that could not be started here, for a while
  std::string trouble_;                          ///< that was logged last
  bool draining_ = false;
  bool over_ = false;
};

} // namespace trainyard
