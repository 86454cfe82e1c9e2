// Settings to what a process of a cluster connects with: servers, login, and the prefixes of its subjects.
#pragma once

#include <string>

#include "config/load.hpp"
#include "config/settings.hpp"
#include "messages/failure.hpp"
#include "messages/subjects.hpp"
#include "nodes/nats/connection.hpp"

namespace trainyard {

struct cluster_connection {
  connection_options options; ///< its api_prefix included
  subjects names;             ///< under nats.prefix
};

/// `role` is what the server's connection list shows: "trainyard worker". Reads the nats context and the NKey
/// file where one is named, so it may block on a disk. One failure of kind config_invalid tells all mistakes,
/// a line of `cause` each; no text ever holds a password, token or seed, nor a url's login.
[[nodiscard]] result<cluster_connection> connection_settings(const settings& from, const std::string& role,
                                                             const environment& variables);

} // namespace trainyard
