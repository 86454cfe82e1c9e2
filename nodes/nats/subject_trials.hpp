// Tries what a login may send and hear, without an effect on anything.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "messages/failure.hpp"
#include "nodes/nats/connection.hpp"

namespace trainyard {

struct subject_trial {
  std::string subject; ///< without wildcards; names no session, node or consumer that there can be
  bool hears = false;  ///< else it sends
  std::string queue{}; ///< of hearing
};

/// "send trainyard.work.x", "hear ...": what the server refuses. Opens a connection of its own and blocks for
/// a round trip each. Every message says that it is for a stream that does not exist, so that none is stored,
/// and holds nothing that any receiver understands.
[[nodiscard]] result<std::vector<std::string>> refused_subjects(const connection_options& as,
                                                                std::span<const subject_trial> trials);

} // namespace trainyard
