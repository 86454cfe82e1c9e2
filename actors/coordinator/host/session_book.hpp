// The registry as one coordinator sees it: a mirror that is refreshed, and changes that are tried until they
// stand.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "actors/coordinator/host/fleet_view.hpp"
#include "actors/coordinator/host/session_registry.hpp"

namespace trainyard {

struct known_session {
  std::uint64_t revision = 0;
  session_record record;
  std::optional<session_progress> heard; ///< the owner's last word, which is newer than the record
  std::chrono::steady_clock::time_point heard_at;

  /// Of its owner, lately.
  [[nodiscard]] bool is_heard(std::chrono::steady_clock::time_point now) const {
    return heard && now - heard_at <= std::chrono::seconds(5);
  }
};

/// What a worker needs to take the session's work.
[[nodiscard]] fleet_view::need need_of(const session_record& record);

/// One thread's. `registry` outlives it; whatever returns a result blocks for a few round trips.
class session_book {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using edit = std::function<result<bool>(session_record&)>; ///< false: nothing to change

  explicit session_book(session_registry& registry) : registry_(registry) {}

  [[nodiscard]] result<void> refresh();
  /// session_unknown when there is none.
  [[nodiscard]] result<session_record> look_up(const std::string& session);
  /// False: one of that id is there.
  [[nodiscard]] result<bool> add(const session_record& record);
  /// Reads, edits and writes, again where somebody else wrote meanwhile; the record as it then stands.
  [[nodiscard]] result<session_record> change(const std::string& session, const edit& how);

  void heard(session_progress progress, time_point now);
  [[nodiscard]] const std::map<std::string, known_session>& all() const { return sessions_; }
  /// What clients are shown: the record, with what its owner said since.
  [[nodiscard]] session_status status_of(const known_session& which, const fleet_view& fleet,
                                         time_point now) const;

private:
  /// The store's last word counts, also under a lower revision than before: it may have been rolled back.
  void keep(registered_session found);

  session_registry& registry_;
  std::map<std::string, known_session> sessions_;
};

} // namespace trainyard
