// The server drops what a login may not do without a reply; only its complaint tells.
#pragma once

#include "nodes/nats/connection.hpp"

namespace trainyard {

/// The server's last complaint was of something that this login may not publish or hear.
[[nodiscard]] inline bool complains_of_permission(const connection& link) {
  return link.last_complaint().find("ermission") != std::string::npos; // "Permissions Violation for ..."
}

} // namespace trainyard
