// What coordinators know of sessions together, and which of them owns which: nodes/nats keeps it in key-value
// buckets, tests in memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "messages/api.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct registered_session {
  std::uint64_t revision = 0; ///< for update()
  session_record record;
};

/// Every call blocks for a few round trips (nats_unreachable at once while disconnected, nats_timeout); one
/// thread at a time. Lost changes cost a repetition: the truth about a session's images is its output folder.
class session_registry {
public:
  virtual ~session_registry() = default;

  /// Every session that was created or updated, by anyone, since the last call; all of them at the first
  /// call, and again after the store was lost or rolled back.
  virtual result<std::vector<registered_session>> changes() = 0;
  virtual result<std::optional<registered_session>> find(const std::string& session) = 0;
  /// The revision; nothing when a session of that id is there already.
  virtual result<std::optional<std::uint64_t>> create(const session_record& record) = 0;
  /// The new revision; nothing when somebody else changed it since `revision`.
  virtual result<std::optional<std::uint64_t>> update(const session_record& record,
                                                      std::uint64_t revision) = 0;

  /// A lease runs out by itself 5 s after it was taken or renewed. False: another one holds it.
  virtual result<bool> take_lease(const std::string& session, const std::string& owner) = 0;
  /// False: it ran out, and perhaps somebody else took it. On a failure it is unknown: stop when no renewal
  /// has succeeded for 4 s.
  virtual result<bool> renew_lease(const std::string& session, const std::string& owner) = 0;
  /// Others can take it at once. Nothing is said when that fails: it then runs out.
  virtual void release_lease(const std::string& session, const std::string& owner) = 0;
};

} // namespace trainyard
