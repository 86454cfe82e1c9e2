// Whether the system has room for all that a process is about to start, asked before anything has begun.
#pragma once

#include <cstddef>

#include "config/settings.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct room_needed {
  std::size_t threads = 0;     ///< those of child processes included, as limits count them alike
  std::size_t descriptors = 0; ///< beyond those that are open now
};

/// What a worker of these settings takes at its busiest, with a coordinator and a nats-server beside it.
[[nodiscard]] room_needed room_of(const settings& from);

/// Raises the soft limit of open files as far as the system lets it, then takes all that is needed for a
/// moment, since no count of what is free could be believed: other programs share these limits. system_limit
/// says what was refused. No thread of it is left when it returns.
[[nodiscard]] result<void> find_room(const room_needed& needed);

} // namespace trainyard
